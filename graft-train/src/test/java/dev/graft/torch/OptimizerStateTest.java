package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import dev.graft.testing.NoTensorLeft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An optimizer that gets another's state goes on as that one does. */
@ExtendWith(NoTensorLeft.class)
class OptimizerStateTest {
    private static final Shape FILTERS = Shape.of(5, 3, 3, 3);
    private static final Shape BIAS = Shape.of(7);

    static Stream<Algorithm> algorithms() {
        return Stream.of(
                new Algorithm.Adam(0.8, 0.99, 1e-7),
                new Algorithm.AdamW(0.8, 0.99, 1e-7),
                new Algorithm.Sgd(0, false),
                new Algorithm.Sgd(0.9, false),
                new Algorithm.Sgd(0.9, true),
                new Algorithm.RmsProp(0.9, 1e-7, 0, false),
                new Algorithm.RmsProp(0.9, 1e-7, 0.5, true));
    }

    /** Two groups; the last parameter never gets a gradient. */
    private static final class Trial implements AutoCloseable {
        private final List<Tensor> parameters = new ArrayList<>();
        private final TorchOptimizer optimizer;

        Trial(Algorithm algorithm, List<HostTensor> values) {
            try (var scope = Scope.open()) {
                values.forEach(value ->
                        parameters.add(Tensor.of(value, Device.CPU).keep().requireGradient()));
            }
            optimizer = TorchOptimizer.of(
                    algorithm,
                    List.of(
                            new TorchOptimizer.Group(parameters.subList(0, 1), 0.1, 0.01),
                            new TorchOptimizer.Group(parameters.subList(1, 3), 0.03, 0)));
        }

        void step(int number) {
            try (var scope = Scope.open()) {
                for (int i = 0; i < 2; i++) {
                    Tensor parameter = parameters.get(i);
                    Probe.dot(parameter, Formula.weight("gradient " + number + " " + i, parameter.shape(), 1))
                            .backward();
                }
            }
            optimizer.step();
        }

        List<HostTensor> values() {
            return parameters.stream().map(Tensor::toHost).toList();
        }

        @Override
        public void close() {
            optimizer.close();
            parameters.forEach(Tensor::close);
        }
    }

    private static List<HostTensor> start() {
        return List.of(
                Formula.weight("filters", FILTERS, 1),
                Formula.weight("bias", BIAS, 1),
                Formula.weight("idle", BIAS, 1));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void stepsGoOnBitForBit(Algorithm algorithm) {
        try (var whole = new Trial(algorithm, start())) {
            for (int step = 0; step < 3; step++) {
                whole.step(step);
            }
            List<ParameterState> state = whole.optimizer.state();
            assertThat(state.get(2).isNone()).isTrue();
            try (var other = new Trial(algorithm, whole.values());
                    var forgetful = new Trial(algorithm, whole.values())) {
                other.optimizer.restore(state);
                assertThat(other.optimizer.learningRate(1)).isEqualTo(0.03);
                for (int step = 3; step < 6; step++) {
                    whole.step(step);
                    other.step(step);
                    forgetful.step(step);
                }
                assertThat(sameBits(whole.values(), other.values())).isTrue();
                boolean remembers = !algorithm.equals(new Algorithm.Sgd(0, false));
                assertThat(sameBits(whole.values(), forgetful.values())).isEqualTo(!remembers);
                assertThat(state.get(0).isNone()).isEqualTo(!remembers);
            }
        }
    }

    private static boolean sameBits(List<HostTensor> one, List<HostTensor> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).sameBits(other.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void adamsStateIsWhatItsFormulaSays() {
        try (var trial = new Trial(new Algorithm.Adam(0.5, 0.75, 1e-8), start())) {
            trial.step(0);
            ParameterState bias = trial.optimizer.state().get(1);
            assertThat(bias.steps()).isEqualTo(1);
            assertThat(bias.means().keySet()).containsExactly("exp_avg", "exp_avg_sq");
            HostTensor gradient = Formula.weight("gradient 0 1", BIAS, 1);
            for (int i = 0; i < BIAS.elements(); i++) {
                assertThat(mean(bias, "exp_avg").get(i)).isEqualTo(gradient.get(i) / 2);
                assertThat(mean(bias, "exp_avg_sq").get(i)).isEqualTo(gradient.get(i) * gradient.get(i) / 4);
            }
        }
    }

    private static HostTensor mean(ParameterState state, String name) {
        return Objects.requireNonNull(state.means().get(name));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Algorithm algorithm = new Algorithm.Sgd(0.9, false);
        try (var trial = new Trial(algorithm, start());
                var other = new Trial(algorithm, start())) {
            trial.step(0);
            List<ParameterState> state = trial.optimizer.state();
            assertThatThrownBy(() -> other.optimizer.restore(state.subList(0, 2)))
                    .isInstanceOf(GraftException.class)
                    .hasMessage("optimizer: expected the state of 3 weights, got 2");
            ParameterState wrong = new ParameterState(0, Map.of("momentum_buffer", HostTensor.allocate(Shape.of(6))));
            assertThatThrownBy(() -> other.optimizer.restore(List.of(state.get(0), wrong, state.get(2))))
                    .isInstanceOf(GraftException.class)
                    .hasMessage("optimizer: expected momentum_buffer of shape [7], got [6]");
            assertThatThrownBy(() -> trial.optimizer.restore(state))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("compile again");
        }
    }
}
