package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> MODELS = List.of("mobilenet_v3_small", "resnet18", "resnet50", "inception_v3");

    @ParameterizedTest
    @CsvSource({
        "resnet5, resnet50",
        "ResNet-50, resnet50",
        "mobilenet-v3-small, mobilenet_v3_small",
        "mobilenet, mobilenet_v3_small",
        "inceptoin_v3, inception_v3",
        "resnet18, resnet18",
    })
    void findsWhatWasMeant(String wanted, String meant) {
        assertThat(Nearest.of(wanted, MODELS)).contains(meant);
        assertThat(Nearest.hint(wanted, MODELS)).isEqualTo("; did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @CsvSource({"vgg16", "''", "completely_else", "re"})
    void staysSilentWhenNothingIsNear(String wanted) {
        assertThat(Nearest.of(wanted, MODELS)).isEmpty();
        assertThat(Nearest.hint(wanted, MODELS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "ab,ba,1", "ca,abc,3", "'',abc,3", "abc,'',3", "same,same,0", "abcd,acbd,1"})
    void distancesAreThoseOfTheLiterature(String from, String to, int distance) {
        assertThat(Nearest.distance(from, to)).isEqualTo(distance);
        assertThat(Nearest.distance(to, from)).isEqualTo(distance);
    }

    @Test
    void longNamesAreNotCompared() {
        assertThat(Nearest.of("x".repeat(300), List.of("x".repeat(301)))).isEmpty();
    }
}
