package dev.graft.preprocessing;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Reference;
import dev.graft.torch.Device;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Resizing and CenterCrop: torch's numbers in both engines and on the host, and Keras' rules by hand. */
class ResizingTest {
    /** The reference is rounded once from double; a bilinear value is a sum of four floats. */
    private static final Close CLOSE = Close.toScale(1e-5);

    record Case(JsonNode json) {
        HostTensor tensor(String key) {
            return Reference.tensor(at(json, key));
        }

        Resizing layer() {
            int[] size = Reference.ints(at(json, "size"));
            Resizing resizing = Resizing.of(size[0], size[1])
                    .interpolation(
                            Interpolation.valueOf(at(json, "interpolation").textValue()));
            return at(json, "layer").textValue().equals("Resizing") ? resizing : resizing.croppingToAspectRatio();
        }

        @Override
        public String toString() {
            return at(json, "name").textValue();
        }
    }

    static Stream<Case> cases() {
        return Reference.each(Reference.read("preprocessing_resize.json")).map(Case::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothEnginesAndTheHostGiveTorchsNumbers(Case each) {
        HostTensor input = each.tensor("input");
        HostTensor expected = each.tensor("output");
        CLOSE.check("inference", ModelRun.inference(each.layer(), input), expected);
        CLOSE.check("training", ModelRun.training(each.layer(), input, 1), expected);
        CLOSE.check("ONNX Runtime", ModelRun.onnx(each.layer(), input), expected);
        for (int i = 0; i < input.shape().size(0); i++) {
            CLOSE.check("host", each.layer().apply(ModelRun.item(input, i)), ModelRun.item(expected, i));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsPassThroughAsTorchs(Case each) {
        try (var scope = Scope.open()) {
            Tensor input = Tensor.of(each.tensor("input"), Device.CPU).requireGradient();
            Tensor output = ModelRun.program(each.layer(), each.tensor("input").shape())
                    .run(new TorchOps(), name -> input, List.of(input), true, step -> true)
                    .get(0);
            Probe.dot(output, each.tensor("grad_output")).backward();
            HostTensor gradient = Objects.requireNonNull(input.gradient()).toHost();
            CLOSE.check("input gradient", gradient, each.tensor("input_grad"));
        }
    }

    /** 75 columns out of 224: the middle of column 37 is the edge between two, where floats would round either way. */
    @Test
    void enginesAgreeWhereTwoPixelsAreEquallyNear() {
        HostTensor input = ModelRun.pixels(2, 1, 224, 30);
        Resizing layer = Resizing.of(75, 9).interpolation(Interpolation.NEAREST);
        assertThat(Interpolation.nearestSources(224, 75)[37]).isEqualTo(112);
        HostTensor torch = ModelRun.inference(layer, input);
        assertThat(ModelRun.onnx(layer, input).sameBits(torch)).isTrue();
        assertThat(layer.apply(ModelRun.item(input, 1)).sameBits(ModelRun.item(torch, 1)))
                .isTrue();
    }

    @Test
    void aPictureOfThatSizeIsGivenOn() {
        HostTensor input = ModelRun.pixels(2, 3, 4, 6);
        assertThat(ModelRun.onnx(Resizing.of(4, 6), input).sameBits(input)).isTrue();
        assertThat(ModelRun.inference(CenterCrop.of(4, 6), input).sameBits(input))
                .isTrue();
    }

    @Test
    void centerCropTakesTheMiddle() {
        HostTensor input = HostTensor.of(
                Shape.of(1, 1, 4, 5), 0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34);
        // Keras: from (4 - 2) // 2 = 1 down and (5 - 2) // 2 = 1 across.
        HostTensor expected = HostTensor.of(Shape.of(1, 1, 2, 2), 11, 12, 21, 22);
        CenterCrop layer = CenterCrop.of(2, 2);
        for (HostTensor output : List.of(
                ModelRun.inference(layer, input),
                ModelRun.training(layer, input, 1),
                ModelRun.onnx(layer, input),
                ModelRun.batchOfOne(layer.apply(ModelRun.item(input, 0))))) {
            Close.within(0).check("middle", output, expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 6", "8, 2"})
    void centerCropResizesWhatIsSmaller(int height, int width) {
        HostTensor input = ModelRun.pixels(2, 3, 4, 5);
        HostTensor expected = ModelRun.inference(Resizing.of(height, width).croppingToAspectRatio(), input);
        CenterCrop layer = CenterCrop.of(height, width);
        CLOSE.check("libtorch", ModelRun.inference(layer, input), expected);
        CLOSE.check("ONNX Runtime", ModelRun.onnx(layer, input), expected);
        CLOSE.check("host", layer.apply(ModelRun.item(input, 1)), ModelRun.item(expected, 1));
    }

    @Test
    void sharedGraphsHoldEachSizeOnce() {
        Node input = Node.input(3, 9, 9);
        var program = Program.of(Model.of(
                "twice",
                input,
                input.then("first", Resizing.of(5, 7))
                        .then("second", CenterCrop.of(4, 4))
                        .then("third", Resizing.of(5, 7))));
        HostTensor pixels = ModelRun.pixels(2, 3, 9, 9);
        CLOSE.check(
                "output",
                Engines.onnx(program, Map.of(), List.of(pixels)),
                Engines.torch(program, Map.of(), List.of(pixels)));
    }

    @Test
    void whatIsNoPictureIsRefused() {
        Node features = Node.input(12);
        assertThatThrownBy(() -> features.then("small", Resizing.of(2, 2)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        "Resizing 'small': expected rank 4 [N, channels, height, width], got [N, 12]; ");
        assertThatThrownBy(() -> features.then("middle", CenterCrop.of(2, 2)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("CenterCrop 'middle': expected rank 4 ");
        assertThatThrownBy(() -> Resizing.of(2, 2).apply(ModelRun.pixels(1, 3, 4, 4)))
                .isInstanceOf(GraftException.class)
                .hasMessage("Resizing: expected a picture [channels, height, width], got [1, 3, 4, 4]; give one picture"
                        + " at a time");
        assertThatThrownBy(() -> Resizing.of(0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Resizing: expected at least 1x1 pixels, got 0x2");
        assertThatThrownBy(() -> CenterCrop.of(2, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
