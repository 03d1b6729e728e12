package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.SettingName;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Activation;
import dev.graft.layers.Add;
import dev.graft.layers.ClassToken;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.FirstToken;
import dev.graft.layers.LayerNormalization;
import dev.graft.layers.MultiHeadAttention;
import dev.graft.layers.PositionEmbedding;
import dev.graft.layers.Tokens;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Vision Transformer (Dosovitskiy et al. 2020, "An Image is Worth 16x16 Words"), with torchvision's names and numbers. What
 * stands for the feature map is the sequence after the last block, {@code [N, 1 + (S / patch)², size]}; the features are
 * its first token. For pictures of another size than that of the weights the position embedding is resized.
 *
 * @param name of the network
 * @param patch side of the squares in pixels that become tokens
 * @param size numbers of a token
 * @param heads of each attention
 * @param blocks how many there are
 * @param trainedSize the picture size in pixels that the weights were trained for
 */
record VisionTransformer(String name, int patch, int size, int heads, int blocks, int trainedSize) {
    private static final LayerNormalization NORM = LayerNormalization.of(1e-6);

    /** So many of the last blocks are fine-tuned where nothing else is asked for. */
    private static final int TUNED = 4;

    /** What timm calls the layers, and torchvision did when it published the file. */
    private static final FileNames FILE_NAMES = FileNames.replacing(Map.ofEntries(
            Map.entry("\\.mlp\\.linear_1\\.", ".mlp.0."),
            Map.entry("\\.mlp\\.linear_2\\.", ".mlp.3."),
            Map.entry("^cls_token$", "class_token"),
            Map.entry("^pos_embed$", "encoder.pos_embedding"),
            Map.entry("^patch_embed\\.proj\\.", "conv_proj."),
            Map.entry("^blocks\\.(\\d+)\\.", "encoder.layers.encoder_layer_$1."),
            Map.entry("\\.norm([12])\\.", ".ln_$1."),
            Map.entry("\\.attn\\.qkv\\.", ".self_attention.in_proj_"),
            Map.entry("\\.attn\\.proj\\.", ".self_attention.out_proj."),
            Map.entry("\\.mlp\\.fc1\\.", ".mlp.0."),
            Map.entry("\\.mlp\\.fc2\\.", ".mlp.3."),
            Map.entry("^norm\\.", "encoder.ln."),
            Map.entry("^head\\.", "heads.head.")));

    static Family family() {
        String small = "vit_small_patch16_224.augreg_in21k";
        String base = "vit_base_patch16_224.augreg_in21k";
        return Family.of(
                "VisionTransformer",
                Torchvision.weights("Vision Transformer B/16", "vit_b_16-c867db91.pth", 330.3, VisionTransformer::b16)
                        .top1(81.072),
                timm("vit_s_16", Timm.file(small + "_ft_in1k", 84.1), VisionTransformer::s16)
                        .thenImageNet(81.402),
                timm("vit_s_16_21k", Timm.file(small, 114.7), VisionTransformer::s16),
                timm("vit_b_16_21k", Timm.file(base, 391.4), VisionTransformer::b16),
                timm("vit_b_16_21k_1k", Timm.file(base + "_ft_in1k", 330.2), VisionTransformer::b16)
                        .thenImageNet(84.534));
    }

    private static Pretrained timm(String name, WeightSource.Published file, Function<Node, Backbone> architecture) {
        String title = "Vision Transformer " + (name.startsWith("vit_s") ? "S" : "B") + "/16";
        return Timm.weights(name, title, file, architecture)
                .prepared(InputGeometry.centerCrop(224, 248).bicubic())
                .scaled(Scaling.HALF);
    }

    static Backbone b16(Node input) {
        return new VisionTransformer("vit_b_16", 16, 768, 12, 12, 224).draw(input);
    }

    static Backbone s16(Node input) {
        return new VisionTransformer("vit_s_16", 16, 384, 6, 12, 224).draw(input);
    }

    Backbone draw(Node input) {
        int side = input.shape().size(2);
        if (side % patch != 0 || side != input.shape().size(3)) {
            throw new GraftException(name + ": expected square pictures whose side is a multiple of " + patch
                    + " pixels, got " + side + "x" + input.shape().size(3) + "; take " + (side / patch + 1) * patch
                    + " (" + SettingName.of("image-size") + ")");
        }
        Node x = input.then("conv_proj", Conv2D.of(size, patch).stride(patch))
                .then("tokens", new Tokens())
                .then("class_token", new ClassToken())
                .then("encoder.pos_embedding", PositionEmbedding.of(trainedSize / patch));
        List<Stage> stages = new ArrayList<>(List.of(Stage.of("conv_proj")));
        for (int block = 0; block < blocks; block++) {
            String layer = "encoder_layer_" + block;
            stages.add(new Stage(layer, "encoder.layers." + layer));
            x = block(x, "encoder.layers." + layer);
        }
        Node tokens = x.then("encoder.ln", NORM);
        Node features = tokens.then("first_token", new FirstToken());
        return Backbone.of(Model.of(name, input, features), tokens, stages, "heads.head")
                .tunedFrom("encoder_layer_" + Math.max(0, blocks - TUNED))
                .withFileNames(FILE_NAMES);
    }

    private Node block(Node input, String name) {
        Node attended = input.then(name + ".ln_1", NORM).then(name + ".self_attention", MultiHeadAttention.of(heads));
        Node middle = Node.of(name + ".add_1", new Add(), attended, input);
        Node dense = middle.then(name + ".ln_2", NORM)
                .then(name + ".mlp.0", Dense.of(4 * size))
                .then(name + ".mlp.1", Activation.of(Activation.Kind.GELU))
                .then(name + ".mlp.3", Dense.of(size));
        return Node.of(name + ".add_2", new Add(), middle, dense);
    }
}
