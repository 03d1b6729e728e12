package dev.graft.torch;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Close;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Reference;
import dev.graft.torch.TorchOptimizerTest.Case;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps with clipped gradients, against torch's. */
@ExtendWith(NoTensorLeft.class)
class ClippingTest {
    private static final Close CLOSE = Close.toScale(1e-6);

    static Stream<Case> cases() {
        return Reference.each(at(Reference.read("rates.json"), "clipping")).map(Case::new);
    }

    private static Clipping clipping(Case each) {
        JsonNode clip = at(each.json(), "clip");
        double max = at(clip, "max").doubleValue();
        return at(clip, "kind").textValue().equals("norm") ? new Clipping.Norm(max) : new Clipping.Value(max);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepIsTorchs(Case each) {
        List<Tensor> parameters = TorchOptimizerTest.parameters(each);
        try (var optimizer = TorchOptimizer.of(each.algorithm(), each.groups(parameters), clipping(each))) {
            for (int step = 0; step < each.steps(); step++) {
                TorchOptimizerTest.backward(each, parameters, step);
                optimizer.step();
                for (int i = 0; i < parameters.size(); i++) {
                    CLOSE.check(
                            "step " + step + " parameter " + i,
                            parameters.get(i).toHost(),
                            each.after(step, i));
                }
            }
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    /** Where it would multiply all gradients by 0 or by no number. */
    @Test
    void aNormThatIsNoNumberIsToldAndNothingMoves() {
        Case each = cases().findFirst().orElseThrow();
        List<Tensor> parameters = TorchOptimizerTest.parameters(each);
        try (var optimizer = TorchOptimizer.of(each.algorithm(), each.groups(parameters), clipping(each));
                var scope = Scope.open()) {
            HostTensor before = parameters.get(0).toHost();
            HostTensor endless = each.gradient(0, 0);
            endless.put(1, Float.POSITIVE_INFINITY);
            Probe.dot(parameters.get(0), endless).backward();
            assertThatThrownBy(optimizer::step)
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("the norm of the gradients is Infinity");
            assertThat(parameters.get(0).toHost().sameBits(before)).isTrue();
            optimizer.forgetGradients();
            assertThat(parameters.get(0).gradient()).isNull();
        } finally {
            parameters.forEach(Tensor::close);
        }
    }

    @Test
    void gradientsAreScaledWhereThereAreAny() {
        Case each = cases().findFirst().orElseThrow();
        List<Tensor> parameters = TorchOptimizerTest.parameters(each);
        try (var optimizer = TorchOptimizer.of(each.algorithm(), each.groups(parameters));
                var scope = Scope.open()) {
            Probe.dot(parameters.get(0), each.gradient(0, 0)).backward();
            optimizer.scaleGradients(0.25);
            HostTensor scaled = each.gradient(0, 0);
            for (int i = 0; i < scaled.elements(); i++) {
                scaled.put(i, scaled.get(i) / 4);
            }
            Tensor gradient = parameters.get(0).gradient();
            assertThat(gradient).isNotNull();
            CLOSE.check("gradient", gradient.toHost(), scaled);
            assertThat(parameters.get(1).gradient()).isNull();
        } finally {
            parameters.forEach(Tensor::close);
        }
    }
}
