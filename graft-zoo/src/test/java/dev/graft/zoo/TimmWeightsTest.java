package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.model.Program;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** timm's records against what timm's networks and settings are. */
class TimmWeightsTest {
    static Stream<Pretrained> records() {
        return ZooReferences.known(ZooReferences.TIMM).values().stream();
    }

    private static JsonNode timm(Pretrained each) {
        return at(ZooReferences.TIMM, each.name());
    }

    /** Parameters that timm counts, with a file's size: its numbers, and a header of some kilobytes. */
    @ParameterizedTest
    @MethodSource("records")
    void parametersAreTimms(Pretrained each) {
        long expected = at(timm(each), "parameters").longValue();
        int classes = at(timm(each), "classes").intValue();
        assertThat(Program.of(each.backbone(224).withTop(classes)).parameters()).isEqualTo(expected);
        assertThat(each.source().size()).isCloseTo(expected * 4.0 / (1 << 20), within(0.1));
    }

    /** Those of ImageNet-21k know no class of ImageNet-1k, so nobody says how many they get right. */
    @ParameterizedTest
    @MethodSource("records")
    void onlyThoseThatKnowImageNetsClassesHaveTheirAccuracy(Pretrained each) {
        assertThat(each.card().top1() == null).isEqualTo(each.name().endsWith("_21k"));
        assertThat(each.classes()).hasSize(each.name().endsWith("_21k") ? 0 : 1000);
    }

    @Test
    void whatIsPublishedOfAFileIsChecked() {
        WeightSource.Published tiny =
                (WeightSource.Published) Zoo.pretrained("convnext_tiny_21k").source();
        assertThat(tiny.remote().address())
                .hasToString("https://huggingface.co/timm/convnext_tiny.fb_in22k/resolve/main/model.safetensors");
        assertThat(Objects.requireNonNull(tiny.remote().checksum()).algorithm()).isEqualTo("SHA-256");
        WeightSource.Published vgg =
                (WeightSource.Published) Zoo.pretrained("vgg16_keras").source();
        assertThat(vgg.remote().address().getPath())
                .endsWith("/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5");
        assertThat(Objects.requireNonNull(vgg.remote().checksum()).digits())
                .isEqualTo("64373286793e3c8b2b4e3219cbf3544b");
    }
}
