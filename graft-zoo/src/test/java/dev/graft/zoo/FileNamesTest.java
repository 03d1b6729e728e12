package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.formats.WeightFormats;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names as publishers' files have them become exactly those of the network. */
@Tag("slow")
class FileNamesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** The network's names of the weights of a file with these. */
    private Set<String> current(Backbone backbone, List<String> names) throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        names.forEach(name -> tensors.put(name, HostTensor.of(Shape.of(1), 0)));
        Path file = folder.resolve("weights.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            Safetensors.write(out, tensors, Map.of());
        }
        return backbone.fileNames().current(WeightFormats.read(file)).tensors().keySet();
    }

    private static Set<String> names(Backbone backbone) {
        return Program.of(backbone.withTop(10)).weights().keySet();
    }

    /** Written down from timm's VisionTransformer. */
    @Test
    void timmsTransformer() throws IOException {
        List<String> timm = new ArrayList<>(List.of("cls_token", "pos_embed"));
        List<String> layers = new ArrayList<>(List.of("patch_embed.proj", "norm", "head"));
        for (int block = 0; block < 12; block++) {
            for (String layer : List.of("norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2")) {
                layers.add("blocks." + block + "." + layer);
            }
        }
        layers.forEach(layer -> timm.addAll(List.of(layer + ".weight", layer + ".bias")));
        Backbone backbone = VisionTransformer.s16(Node.input(3, 224, 224));
        assertThat(current(backbone, timm)).isEqualTo(names(backbone));
    }

    /** Written down from timm's ConvNeXt. */
    @Test
    void timmsConvNeXt() throws IOException {
        List<String> layers = new ArrayList<>(List.of("stem.0", "stem.1", "head.norm", "head.fc"));
        List<String> timm = new ArrayList<>();
        int[] depths = {3, 3, 9, 3};
        for (int stage = 0; stage < depths.length; stage++) {
            String name = "stages." + stage;
            if (stage > 0) {
                layers.addAll(List.of(name + ".downsample.0", name + ".downsample.1"));
            }
            for (int block = 0; block < depths[stage]; block++) {
                String inner = name + ".blocks." + block;
                timm.add(inner + ".gamma");
                for (String layer : List.of("conv_dw", "norm", "mlp.fc1", "mlp.fc2")) {
                    layers.add(inner + "." + layer);
                }
            }
        }
        layers.forEach(layer -> timm.addAll(List.of(layer + ".weight", layer + ".bias")));
        Backbone backbone = Zoo.pretrained("convnext_tiny").backbone(32);
        assertThat(current(backbone, timm)).isEqualTo(names(backbone));
    }

    /** As torchvision's MLPBlock reads files that were written before its version 2. */
    @Test
    void torchvisionsTransformerBeforeItsDenseLayersWereRenamed() throws IOException {
        Backbone backbone = VisionTransformer.b16(Node.input(3, 224, 224));
        List<String> older = names(backbone).stream()
                .map(name -> name.replace(".mlp.0.", ".mlp.linear_1.").replace(".mlp.3.", ".mlp.linear_2."))
                .toList();
        assertThat(older).contains("encoder.layers.encoder_layer_11.mlp.linear_2.bias");
        assertThat(current(backbone, older)).isEqualTo(names(backbone));
    }

    @Test
    void namesOfTheNetworkStay() throws IOException {
        for (Pretrained each : Zoo.all()) {
            Backbone backbone = each.backbone(each.geometry().size());
            assertThat(current(backbone, List.copyOf(names(backbone))))
                    .as(each.name())
                    .isEqualTo(names(backbone));
        }
    }
}
