package dev.graft.layers;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Reference;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer against torch's numbers: outputs, gradients and moved statistics in libtorch, outputs in ONNX Runtime. */
class LayersTest {
    /** The reference is rounded once from double; ours sums at most a few hundred floats. */
    private static final Close CLOSE = Close.toScale(1e-5);

    static Stream<LayerCase> cases() {
        return LayerCase.all();
    }

    static Stream<LayerCase> inferenceCases() {
        return cases().filter(each -> !each.training());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void libtorchGivesTheReferenceOutputGradientsAndStatistics(LayerCase each) {
        try (var scope = Scope.open()) {
            Set<String> parameters = Reference.named(at(each.json(), "weights")).keySet();
            Map<String, Tensor> weights = new LinkedHashMap<>();
            each.weights().forEach((name, value) -> weights.put(name, Tensor.of(value, Device.CPU)));
            parameters.forEach(name -> get(weights, each.fullName(name)).requireGradient());
            List<Tensor> inputs = each.inputs().stream()
                    .map(input -> Tensor.of(input, Device.CPU).requireGradient())
                    .toList();

            Tensor output = run(Program.of(each.model()), weights, inputs, each.training(), true);
            CLOSE.check("output", output.toHost(), each.tensor("output"));

            Probe.dot(output, each.tensor("grad_output")).backward();
            CLOSE.check(
                    "input gradient",
                    inputs.stream().map(LayersTest::gradient).toList(),
                    Reference.tensors(at(each.json(), "input_grads")));
            Map<String, HostTensor> gradients = Reference.named(at(each.json(), "weight_grads"));
            assertThat(gradients).containsOnlyKeys(parameters);
            gradients.forEach((name, expected) ->
                    CLOSE.check("gradient of " + name, gradient(get(weights, each.fullName(name))), expected));
            Reference.named(at(each.json(), "new_buffers"))
                    .forEach((name, expected) ->
                            CLOSE.check(name, get(weights, each.fullName(name)).toHost(), expected));
        }
    }

    @ParameterizedTest
    @MethodSource("inferenceCases")
    void onnxRuntimeGivesTheReferenceOutput(LayerCase each) {
        List<HostTensor> outputs = Engines.onnx(Program.of(each.model()), each.weights(), each.inputs());
        CLOSE.check("output", outputs, List.of(each.tensor("output")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theShapeThatIsInferredIsTheShapeThatComesOut(LayerCase each) {
        int batch = each.inputs().get(0).shape().size(0);
        assertThat(each.model().outputs().get(0).shape().withBatch(batch))
                .isEqualTo(each.tensor("output").shape());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsHaveTorchsNamesAndShapes(LayerCase each) {
        Map<String, Object> expected = new LinkedHashMap<>();
        each.weights().forEach((name, value) -> expected.put(name, value.shape()));
        Map<String, Object> actual = new LinkedHashMap<>();
        Program.of(each.model()).weights().forEach((name, spec) -> actual.put(name, spec.shape()));
        assertThat(actual).containsExactlyEntriesOf(expected);
    }

    /** Rule 2 of the design: what is frozen uses and keeps its statistics, also in a training call. */
    @ParameterizedTest
    @MethodSource("inferenceCases")
    void aFrozenLayerComputesTheInferenceOutputInATrainingCallAndKeepsItsStatistics(LayerCase each) {
        try (var scope = Scope.open()) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            each.weights().forEach((name, value) -> weights.put(name, Tensor.of(value, Device.CPU)));
            List<Tensor> inputs = each.inputs().stream()
                    .map(input -> Tensor.of(input, Device.CPU))
                    .toList();
            Tensor output = run(Program.of(each.model()), weights, inputs, true, false);
            CLOSE.check("output", output.toHost(), each.tensor("output"));
            each.weights().forEach((name, before) -> assertThat(
                            get(weights, name).toHost().sameBits(before))
                    .as("%s is kept", name)
                    .isTrue());
        }
    }

    @Test
    void tensorflowsSamePaddingGivesTheStoredUnevenConvolution() {
        LayerCase each = LayerCase.named("conv2d_tensorflow_same_stride2");
        Step step = Program.of(each.model()).steps().get(0);
        Step same = new Step(
                step.path(),
                ((Conv2D) step.layer()).padding(Padding.same()),
                step.inputs(),
                step.inputShapes(),
                step.shape(),
                false);
        Program program = new Program(Program.of(each.model()).inputs(), List.of(same), List.of(1));
        List<HostTensor> expected = List.of(each.tensor("output"));
        CLOSE.check("libtorch", Engines.torch(program, each.weights(), each.inputs()), expected);
        CLOSE.check("ONNX Runtime", Engines.onnx(program, each.weights(), each.inputs()), expected);
    }

    private static Tensor run(
            Program program, Map<String, Tensor> weights, List<Tensor> inputs, boolean training, boolean trainable) {
        return program.run(new TorchOps(), name -> get(weights, name), inputs, training, step -> trainable)
                .get(0);
    }

    private static Tensor get(Map<String, Tensor> weights, String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private static HostTensor gradient(Tensor tensor) {
        return Objects.requireNonNull(tensor.gradient(), "no gradient").toHost();
    }
}
