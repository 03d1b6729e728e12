package dev.graft.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whole examples are dropped, at the rate that was asked for, in training only; the gradient follows. */
class StochasticDepthTest {
    private static final Shape SHAPE = Shape.of(1000, 2, 3, 1);
    private static final double RATE = 0.2;

    private static Network network() {
        Node input = Node.input(2, 3, 1);
        return Network.of(Model.of("m", input, input.then("depth", StochasticDepth.of(RATE))), 1);
    }

    @Test
    void anExampleIsDroppedAsAWholeOrScaledUp() {
        HostTensor input = Formula.weight("input.bias", SHAPE, 1);
        int dropped = 0;
        try (var loaded = new LoadedNetwork(network());
                var scope = Scope.open()) {
            Torch.seed(3);
            Tensor x = Tensor.of(input, Device.CPU).requireGradient();
            Tensor output = loaded.run(true, x).get(0);
            Probe.dot(output, input).backward();
            HostTensor values = output.toHost();
            HostTensor gradient = Objects.requireNonNull(x.gradient()).toHost();
            for (int example = 0; example < SHAPE.size(0); example++) {
                int first = example * 6;
                boolean gone = values.get(first) == 0;
                dropped += gone ? 1 : 0;
                float factor = gone ? 0 : 1 / 0.8f;
                for (int i = first; i < first + 6; i++) {
                    assertThat(values.get(i)).isCloseTo(input.get(i) * factor, within(1e-6f));
                    assertThat(gradient.get(i)).isCloseTo(input.get(i) * factor, within(1e-6f));
                }
            }
        }
        // Four standard deviations of a binomial of 1000 at 0.2 are 51.
        assertThat(dropped).isBetween(150, 250);
    }

    @Test
    void inInferenceAndInAnExportedGraphItIsTheIdentity() {
        HostTensor values = Formula.input(Shape.of(4, 2, 3, 1));
        assertThat(Engines.torch(network(), values).sameBits(values)).isTrue();
        assertThat(Engines.onnx(network(), values).sameBits(values)).isTrue();
    }

    /** What draws random numbers must not be cached. */
    @Test
    void itIsBehindTheFrozenBoundary() {
        Node input = Node.input(2, 3, 1);
        Network network = Network.of(
                Model.of("m", input, input.then("conv", Conv2D.of(2, 1)).then("depth", StochasticDepth.of(RATE))), 1);
        network.layer("conv").setTrainable(false);
        assertThat(network.cut().suffix().steps().stream().map(Step::path)).containsExactly("depth");
    }
}
