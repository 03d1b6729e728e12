package dev.graft.train;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Reference;
import dev.graft.torch.Device;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What losses compute: values and gradients of torch and Keras. */
@ExtendWith(NoTensorLeft.class)
class LossTest {
    private static final Close CLOSE = Close.toScale(1e-6);

    record Case(JsonNode json) {
        HostTensor host(String key) {
            return Reference.tensor(at(json, key));
        }

        Tensor tensor(String key) {
            return Tensor.of(host(key), Device.CPU);
        }

        float[] number(String key) {
            return new float[] {at(json, key).floatValue()};
        }

        Loss loss() {
            JsonNode config = at(json, "config");
            double smoothing = config.path("label_smoothing").asDouble(0);
            boolean probabilities = config.path("from_probabilities").asBoolean(false);
            String kind = at(json, "loss").textValue();
            return switch (kind) {
                case "CrossEntropy" -> classes(Loss.crossEntropy(), smoothing, probabilities);
                case "OneHotCrossEntropy" -> classes(Loss.oneHotCrossEntropy(), smoothing, probabilities);
                case "BinaryCrossEntropy" -> {
                    var loss = Loss.binaryCrossEntropy().labelSmoothing(smoothing);
                    yield probabilities ? loss.fromProbabilities() : loss;
                }
                case "MeanSquaredError" -> Loss.meanSquaredError();
                case "Hinge" -> Loss.hinge();
                case "SquaredHinge" -> Loss.squaredHinge();
                default -> throw new IllegalArgumentException("a loss that no test knows: " + kind);
            };
        }

        private static Loss classes(CrossEntropy plain, double smoothing, boolean probabilities) {
            var loss = plain.labelSmoothing(smoothing);
            return probabilities ? loss.fromProbabilities() : loss;
        }

        @Override
        public String toString() {
            return at(json, "name").textValue();
        }
    }

    static Stream<Case> cases() {
        return Reference.each(Reference.read("losses.json")).map(Case::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLossOfEachExampleIsTheReferences(Case each) {
        each.loss().check(each.host("targets"), each.host("outputs").shape());
        try (var scope = Scope.open()) {
            Tensor losses = each.loss().perExample(each.tensor("outputs"), each.tensor("targets"));
            CLOSE.check("losses", losses.toHost(), each.host("per_example"));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theMeanAndItsGradientAreTheReferences(Case each) {
        try (var scope = Scope.open()) {
            Tensor outputs = each.tensor("outputs").requireGradient();
            Tensor loss = each.loss().of(outputs, each.tensor("targets"), null);
            CLOSE.check("value", new float[] {loss.item()}, each.number("value"));
            CLOSE.check("gradient", gradient(loss, outputs), each.host("grad"));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsCountAsInKeras(Case each) {
        try (var scope = Scope.open()) {
            Tensor outputs = each.tensor("outputs").requireGradient();
            Tensor loss = each.loss().of(outputs, each.tensor("targets"), each.tensor("weights"));
            CLOSE.check("value", new float[] {loss.item()}, each.number("weighted_value"));
            CLOSE.check("gradient", gradient(loss, outputs), each.host("weighted_grad"));
        }
    }

    private static HostTensor gradient(Tensor loss, Tensor outputs) {
        loss.backward();
        return Objects.requireNonNull(outputs.gradient()).toHost();
    }

    /** Over a softmax or sigmoid of its own, rounded to 0 and 1, each would be infinite. */
    @Test
    void sureLogitsStayFinite() {
        HostTensor outputs = HostTensor.of(Shape.of(4, 2), 100, -100, -100, 100, 100, -100, -100, 100);
        try (var scope = Scope.open()) {
            Tensor logits = Tensor.of(outputs, Device.CPU).requireGradient();
            Tensor losses = Loss.crossEntropy().perExample(logits, vector(0, 1, 1, 0));
            assertThat(losses.toHost().toArray()).containsExactly(new float[] {0, 0, 200, 200}, within(1e-30f));
            Tensor one = Tensor.of(HostTensor.of(Shape.of(4, 1), 100, -100, 100, -100), Device.CPU);
            Tensor binary = Loss.binaryCrossEntropy().perExample(one, vector(1, 0, 0, 1));
            assertThat(binary.toHost().toArray()).containsExactly(new float[] {0, 0, 100, 100}, within(1e-30f));
        }
    }

    /** -log(1e-7): a network that is sure and wrong is charged no more than that from probabilities. */
    @Test
    void probabilitiesOfZeroAreClippedAsInKeras() {
        try (var scope = Scope.open()) {
            Tensor impossible = Tensor.of(HostTensor.of(Shape.of(1, 2), 0, 1), Device.CPU);
            Loss classes = Loss.crossEntropy().fromProbabilities();
            float[] loss = {(float) -Math.log(1e-7)};
            CLOSE.check(
                    "of classes",
                    classes.perExample(impossible, vector(0)).toHost().toArray(),
                    loss);
            Tensor no = Tensor.of(HostTensor.of(Shape.of(1, 1), 0), Device.CPU);
            Loss binary = Loss.binaryCrossEntropy().fromProbabilities();
            CLOSE.check("binary", binary.perExample(no, vector(1)).toHost().toArray(), loss);
        }
    }

    /** libtorch would spread what does not fit and give a number that means nothing. */
    @Test
    void targetsAndWeightsOfAnotherShapeAreNotSpread() {
        try (var scope = Scope.open()) {
            Tensor outputs = Tensor.of(HostTensor.allocate(Shape.of(4, 3)), Device.CPU);
            Tensor column = Tensor.of(HostTensor.allocate(Shape.of(4, 1)), Device.CPU);
            assertThatThrownBy(() -> Loss.binaryCrossEntropy().of(outputs, vector(0, 1, 0, 1), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("targets: expected [4, 3] as the outputs, got [4]");
            assertThatThrownBy(() -> Loss.meanSquaredError().of(outputs, column, null))
                    .hasMessage("targets: expected [4, 3] as the outputs, got [4, 1]");
            assertThatThrownBy(() -> Loss.hinge().of(outputs, column, null))
                    .hasMessage("targets: expected [4, 3] as the outputs, got [4, 1]");
            assertThatThrownBy(() -> Loss.crossEntropy().of(outputs, vector(0, 1, 2, 0), column))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("weights of examples: expected [4], got [4, 1]");
        }
    }

    private static Tensor vector(float... values) {
        return Tensor.of(HostTensor.of(Shape.of(values.length), values), Device.CPU);
    }
}
