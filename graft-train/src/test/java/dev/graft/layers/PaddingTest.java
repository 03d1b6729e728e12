package dev.graft.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddingTest {
    /**
     * TensorFlow's documented arithmetic by hand: {@code out = ceil(in / stride)}, {@code padding = max((out - 1) * stride
     * + dilation * (kernel - 1) + 1 - in, 0)}, the smaller half before.
     */
    @ParameterizedTest(name = "input {0}, kernel {1}, stride {2}, dilation {3}: {4} before, {5} after, {6} out")
    @CsvSource({
        "  4, 3, 2, 1, 0, 1,   2",
        "  5, 3, 2, 1, 1, 1,   3",
        "  7, 3, 1, 1, 1, 1,   7",
        "  5, 2, 1, 1, 0, 1,   5",
        "  5, 1, 2, 1, 0, 0,   3",
        "  6, 1, 3, 1, 0, 0,   2",
        "  7, 3, 1, 2, 2, 2,   7",
        "  6, 5, 3, 1, 1, 1,   2",
        "  6, 5, 4, 1, 1, 2,   2",
        "  2, 5, 1, 1, 2, 2,   2",
        "  1, 3, 2, 1, 1, 1,   1",
        "112, 5, 2, 1, 1, 2,  56",
        "224, 3, 2, 1, 0, 1, 112",
        "224, 7, 2, 1, 2, 3, 112",
        "299, 3, 2, 1, 1, 1, 150"
    })
    void sameIsTensorflows(int size, int kernel, int stride, int dilation, int before, int after, int out) {
        int other = size + 1;
        Window rows = Padding.same().window(kernel, 1, stride, dilation, Shape.batchOf(3, size, other));
        assertThat(new int[] {rows.top(), rows.bottom(), rows.outputHeight(size)})
                .containsExactly(before, after, out);
        Window columns = Padding.same().window(1, kernel, stride, dilation, Shape.batchOf(3, other, size));
        assertThat(new int[] {columns.left(), columns.right(), columns.outputWidth(size)})
                .containsExactly(before, after, out);
    }

    @Test
    void pixelsAreTakenAsTheyStand() {
        assertThat(new Padding.Pixels(1, 2, 3, 4).window(3, 5, 2, 1, Shape.batchOf(3, 8, 8)))
                .isEqualTo(new Window(3, 5, 2, 1, 2, 3, 4, 1));
    }

    /** Windows of 2 at stride 2 over three columns: the last one is half outside, and all numbers are below zero. */
    @Test
    void paddingNeverWinsTheMaximum() {
        HostTensor input = HostTensor.of(Shape.of(1, 1, 1, 3), -5, -2, -3);
        Program program = pooling(MaxPooling2D.of(2).padding(Padding.same()), 1, 3);
        HostTensor expected = HostTensor.of(Shape.of(1, 1, 1, 2), -2, -3);
        Close exact = Close.within(0);
        exact.check("libtorch", Engines.torch(program, Map.of(), List.of(input)), List.of(expected));
        exact.check("ONNX Runtime", Engines.onnx(program, Map.of(), List.of(input)), List.of(expected));
    }

    /** Ones pooled with padding: a corner sees four of nine, an edge six, the middle nine. */
    @Test
    void averagesCountThePaddingOrNot() {
        float corner = 4 / 9f;
        float edge = 6 / 9f;
        HostTensor ones = HostTensor.of(Shape.of(1, 1, 3, 3), 1, 1, 1, 1, 1, 1, 1, 1, 1);
        HostTensor counted =
                HostTensor.of(Shape.of(1, 1, 3, 3), corner, edge, corner, edge, 1, edge, corner, edge, corner);
        AveragePooling2D layer = AveragePooling2D.of(3).stride(1).padding(Padding.same());
        Close close = Close.within(1e-6);
        Program counting = pooling(layer, 3, 3);
        close.check("libtorch", Engines.torch(counting, Map.of(), List.of(ones)), List.of(counted));
        close.check("ONNX Runtime", Engines.onnx(counting, Map.of(), List.of(ones)), List.of(counted));
        Program leaving = pooling(layer.countPadding(false), 3, 3);
        close.check("libtorch", Engines.torch(leaving, Map.of(), List.of(ones)), List.of(ones));
        close.check("ONNX Runtime", Engines.onnx(leaving, Map.of(), List.of(ones)), List.of(ones));
    }

    private static Program pooling(Layer layer, int height, int width) {
        Node input = Node.input(1, height, width);
        return Program.of(Model.of("pooling", input, input.then("pool", layer)));
    }
}
