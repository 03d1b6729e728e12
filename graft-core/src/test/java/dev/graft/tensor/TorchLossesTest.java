package dev.graft.tensor;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testing.Close;
import dev.graft.testing.Reference;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchLossesTest {
    private static final Close CLOSE = Close.toScale(1e-6);

    record Case(JsonNode json) {
        boolean binary() {
            return at(json, "loss").textValue().equals("BinaryCrossEntropy");
        }

        int outputs() {
            return at(at(json, "logits"), "shape").get(1).intValue();
        }

        int[] labels() {
            JsonNode labels = at(json, "labels");
            int[] numbers = new int[labels.size()];
            for (int i = 0; i < numbers.length; i++) {
                JsonNode label = labels.get(i);
                numbers[i] = (label.isArray() ? label.get(0) : label).intValue();
            }
            return numbers;
        }

        Tensor loss(Tensor logits) {
            Tensor labels = Tensor.labels(labels(), Device.CPU);
            if (binary()) {
                return TorchLosses.binaryCrossEntropy(logits, labels);
            }
            JsonNode config = at(json, "config");
            double smoothing = config.path("label_smoothing").asDouble(0);
            return TorchLosses.crossEntropy(logits, labels, classWeights(config.get("class_weights")), smoothing);
        }

        private static @Nullable Tensor classWeights(@Nullable JsonNode weights) {
            if (weights == null) {
                return null;
            }
            float[] values = Reference.floats(weights);
            return Tensor.of(HostTensor.of(Shape.of(values.length), values), Device.CPU);
        }

        @Override
        public String toString() {
            return at(json, "name").textValue();
        }
    }

    static Stream<Case> all() {
        return StreamSupport.stream(Reference.read("losses.json").spliterator(), false)
                .map(Case::new);
    }

    /** Several yes-or-no questions a picture is not a task of ours: see the refusal below. */
    static Stream<Case> cases() {
        return all().filter(each -> !(each.binary() && each.outputs() > 1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valueAndGradientAreTorchs(Case each) {
        try (var scope = Scope.open()) {
            Tensor logits = Tensor.of(Reference.tensor(at(each.json(), "logits")), Device.CPU)
                    .requireGradient();
            Tensor loss = each.loss(logits);
            float[] value = {at(each.json(), "value").floatValue()};
            CLOSE.check("value", new float[] {loss.item()}, value);
            loss.backward();
            CLOSE.check(
                    "gradient",
                    Objects.requireNonNull(logits.gradient()).toHost(),
                    Reference.tensor(at(each.json(), "grad")));
        }
    }

    /** libtorch would spread the labels over the logits and give a number that means nothing. */
    @Test
    void binaryCrossEntropyTakesOneLogitAPicture() {
        try (var scope = Scope.open()) {
            Tensor logits = Tensor.of(HostTensor.allocate(Shape.of(4, 3)), Device.CPU);
            Tensor labels = Tensor.labels(new int[] {0, 1, 0, 1}, Device.CPU);
            assertThatThrownBy(() -> TorchLosses.binaryCrossEntropy(logits, labels))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[4, 3]");
        }
    }
}
