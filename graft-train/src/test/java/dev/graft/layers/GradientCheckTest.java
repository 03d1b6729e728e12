package dev.graft.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import dev.graft.torch.Device;
import dev.graft.torch.Gradients;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The slope that libtorch gives against the slope by two runs a little apart, for what no stored case covers. */
class GradientCheckTest {
    /** Wide enough for float32, narrow enough for the curvature of these layers. */
    private static final float STEP = 1e-2f;

    private static final double SHARE_OF_LARGEST = 5e-3;

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("uneven grouped convolution", convolution()),
                Arguments.of("batch statistics of features", batchStatistics()),
                Arguments.of("gated channels", gate()));
    }

    private static Model convolution() {
        Node input = Node.input(4, 6, 5);
        Conv2D layer = new Conv2D(6, 3, 2, 2, Padding.same(), 1, 2, true);
        return Model.of("m", input, input.then("conv", layer).then("silu", Activation.of(Activation.Kind.SILU)));
    }

    private static Model batchStatistics() {
        Node input = Node.input(3);
        return Model.of(
                "m", input, input.then("norm", BatchNormalization.of(1e-3)).then("fc", Dense.of(2)));
    }

    private static Model gate() {
        Node input = Node.input(3, 4, 4);
        Node gate = input.then("pool", GlobalAveragePooling2D.keepingDims())
                .then("fc", Conv2D.of(3, 1))
                .then("sigmoid", Activation.of(Activation.Kind.SIGMOID));
        return Model.of("m", input, Node.of("scale", new Multiply(), input, gate));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void theGradientIsTheSlope(String name, Model model) {
        Network network = Network.of(model, 7);
        Shape shape = model.inputs().get(0).shape().withBatch(4);
        HostTensor input = Formula.input(shape);
        Shape outputShape = model.outputs().get(0).shape().withBatch(4);
        HostTensor direction = Formula.weight("direction.bias", outputShape, 1);
        try (var loaded = new LoadedNetwork(network);
                var scope = Scope.open()) {
            Tensor x = Tensor.of(input, Device.CPU).requireGradient();
            Probe.dot(loaded.run(true, x).get(0), direction).backward();
            HostTensor slope = Objects.requireNonNull(x.gradient()).toHost();
            checkAll("input", slope, input, () -> loss(loaded, input, direction));
            for (String weight : network.trainableWeights()) {
                HostTensor values = loaded.host(weight);
                checkAll(weight, loaded.gradient(weight), values, () -> {
                    loaded.weight(weight).assign(values);
                    return loss(loaded, input, direction);
                });
            }
        }
    }

    private interface Loss {
        double at();
    }

    private static void checkAll(String what, HostTensor slope, HostTensor values, Loss loss) {
        double largest = 0;
        for (int i = 0; i < slope.elements(); i++) {
            largest = Math.max(largest, Math.abs(slope.get(i)));
        }
        assertThat(largest).as("gradient of %s", what).isPositive();
        for (int i = 0; i < values.elements(); i++) {
            float middle = values.get(i);
            values.put(i, middle + STEP);
            double above = loss.at();
            values.put(i, middle - STEP);
            double below = loss.at();
            double run = (double) (middle + STEP) - (middle - STEP);
            values.put(i, middle);
            loss.at();
            assertThat(Math.abs((above - below) / run - slope.get(i)))
                    .as("%s[%d]: slope %s, gradient %s", what, i, (above - below) / run, slope.get(i))
                    .isLessThanOrEqualTo(SHARE_OF_LARGEST * largest);
        }
    }

    /** Summed in double, so that only the outputs are rounded. */
    private static double loss(LoadedNetwork network, HostTensor input, HostTensor direction) {
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            HostTensor output =
                    network.run(true, Tensor.of(input, Device.CPU)).get(0).toHost();
            double sum = 0;
            for (int i = 0; i < output.elements(); i++) {
                sum += (double) output.get(i) * direction.get(i);
            }
            return sum;
        }
    }
}
