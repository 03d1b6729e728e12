package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.model.Node;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What timm publishes as safetensors, of networks that torchvision does not have or not with these weights: those that saw
 * ImageNet-21k. {@code _21k} after a network's name was trained on nothing else, {@code _21k_1k} then on ImageNet-1k; {@code
 * vit_s_16}, of which there is no other worth it, is of the latter too. Facebook counts two classes less than Google and
 * says ImageNet-22k.
 *
 * @see <a href="https://github.com/huggingface/pytorch-image-models/blob/main/results/results-imagenet.csv">timm's results</a>
 */
final class TimmWeights {
    private static final String LICENCE = "Apache-2.0 (timm)";
    private static final String THEN_IMAGENET = "ImageNet-21k, then ImageNet-1k";

    private TimmWeights() {}

    static Stream<Pretrained> all() {
        return Stream.concat(transformers(), convNeXts());
    }

    private static Stream<Pretrained> transformers() {
        String small = "vit_small_patch16_224.augreg_in21k";
        String base = "vit_base_patch16_224.augreg_in21k";
        return Stream.of(
                        of("vit_s_16", small + "_ft_in1k", 84.1, 81.402, VisionTransformer::s16),
                        of("vit_s_16_21k", small, 114.7, null, VisionTransformer::s16),
                        of("vit_b_16_21k", base, 391.4, null, VisionTransformer::b16),
                        of("vit_b_16_21k_1k", base + "_ft_in1k", 330.2, 84.534, VisionTransformer::b16))
                .map(each -> each.normalised(KerasWeights.HALF, KerasWeights.HALF)
                        .prepared(InputGeometry.centerCrop(224, 248).bicubic()));
    }

    private static Stream<Pretrained> convNeXts() {
        return Stream.of(
                of("convnext_tiny_21k", "convnext_tiny.fb_in22k", 170.2, null, ConvNeXt::tiny),
                of("convnext_tiny_21k_1k", "convnext_tiny.fb_in22k_ft_in1k", 109.1, 82.9, ConvNeXt::tiny),
                of("convnext_small_21k", "convnext_small.fb_in22k", 252.8, null, ConvNeXt::small),
                of("convnext_small_21k_1k", "convnext_small.fb_in22k_ft_in1k", 191.6, 84.582, ConvNeXt::small),
                of("convnext_base_21k", "convnext_base.fb_in22k", 419.5, null, ConvNeXt::base),
                of("convnext_base_21k_1k", "convnext_base.fb_in22k_ft_in1k", 338.0, 85.814, ConvNeXt::base),
                of("convnext_large_21k", "convnext_large.fb_in22k", 876.7, null, ConvNeXt::large),
                of("convnext_large_21k_1k", "convnext_large.fb_in22k_ft_in1k", 754.5, 86.612, ConvNeXt::large));
    }

    /**
     * Prepared as most of them ask.
     *
     * @param top1 with 224 pixels; null for the network whose classes are those of ImageNet-21k
     */
    private static Pretrained of(
            String name, String model, double size, @Nullable Double top1, Function<Node, Backbone> architecture) {
        return new Pretrained(
                name,
                new ModelCard(title(model), top1 == null ? "ImageNet-21k" : THEN_IMAGENET, top1, LICENCE),
                InputGeometry.centerCrop(224, 256).bicubic(),
                TorchvisionWeights.MEAN,
                TorchvisionWeights.DEVIATION,
                architecture,
                new WeightSource.Published("timm", model + "/model.safetensors", size));
    }

    private static String title(String model) {
        List<String> words = List.of(model.split("[_.]", 3));
        String size = words.get(1);
        return words.get(0).equals("vit")
                ? "Vision Transformer " + (size.equals("small") ? "S" : "B") + "/16"
                : "ConvNeXt-" + Character.toUpperCase(size.charAt(0)) + size.substring(1);
    }
}
