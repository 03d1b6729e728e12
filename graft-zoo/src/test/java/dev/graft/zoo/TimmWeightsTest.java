package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.InputGeometry;
import dev.graft.model.Program;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** timm's records against what timm's networks and settings are. */
class TimmWeightsTest {
    static Stream<Pretrained> records() {
        return TimmWeights.all();
    }

    /** Parameters that timm counts, with a file's size: its numbers, and a header of some kilobytes. */
    @ParameterizedTest
    @CsvSource({
        "vit_s_16, 1000, 22050664",
        "vit_s_16_21k, 21843, 30075219",
        "vit_b_16_21k, 21843, 102595923",
        "vit_b_16_21k_1k, 1000, 86567656",
        "convnext_tiny_21k, 21841, 44615857",
        "convnext_tiny_21k_1k, 1000, 28589128",
        "convnext_small_21k, 21841, 66250417",
        "convnext_small_21k_1k, 1000, 50223688",
        "convnext_base_21k, 21841, 109953489",
        "convnext_base_21k_1k, 1000, 88591464",
        "convnext_large_21k, 21841, 229799953",
        "convnext_large_21k_1k, 1000, 197767336"
    })
    void parametersAreTimms(String name, int classes, long expected) {
        Pretrained each = Zoo.pretrained(name);
        assertThat(Program.of(each.backbone(224).withTop(classes)).parameters()).isEqualTo(expected);
        assertThat(each.source().size()).isCloseTo(expected * 4.0 / (1 << 20), within(0.1));
    }

    /** timm resizes to the crop divided by its share, rounded down: 0.9 for transformers, 0.875 for ConvNeXt. */
    @ParameterizedTest
    @MethodSource("records")
    void picturesArePreparedAsTimmPreparesThem(Pretrained each) {
        boolean transformer = each.name().startsWith("vit");
        assertThat(each.geometry().size()).isEqualTo(224);
        assertThat(each.geometry().interpolation()).isEqualTo(InputGeometry.Interpolation.BICUBIC);
        assertThat(each.geometry().fit()).isEqualTo(InputGeometry.Fit.CENTER_CROP);
        assertThat(each.geometry().resize()).isEqualTo((int) (224 / (transformer ? 0.9 : 0.875)));
        assertThat(each.mean()).isEqualTo(transformer ? KerasWeights.HALF : TorchvisionWeights.MEAN);
        assertThat(each.deviation()).isEqualTo(transformer ? KerasWeights.HALF : TorchvisionWeights.DEVIATION);
        // Those of ImageNet-21k know no class of ImageNet-1k, so nobody says how many they get right.
        assertThat(each.card().top1() == null).isEqualTo(each.name().endsWith("_21k"));
    }

    @Test
    void whatIsPublishedOfAFileIsChecked() {
        WeightSource.Published tiny =
                (WeightSource.Published) Zoo.pretrained("convnext_tiny_21k").source();
        assertThat(PublishedFiles.of(tiny).address())
                .hasToString("https://huggingface.co/timm/convnext_tiny.fb_in22k/resolve/main/model.safetensors");
        assertThat(Objects.requireNonNull(PublishedFiles.of(tiny).checksum()).algorithm())
                .isEqualTo("SHA-256");
        WeightSource.Published vgg =
                (WeightSource.Published) Zoo.pretrained("vgg16_keras").source();
        assertThat(PublishedFiles.of(vgg).address().getPath())
                .endsWith("/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5");
        assertThat(Objects.requireNonNull(PublishedFiles.of(vgg).checksum()).digits())
                .isEqualTo("64373286793e3c8b2b4e3219cbf3544b");
    }
}
