package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** What the pooling layers share. */
final class Pooling {
    private Pooling() {}

    static Shape global(List<Shape> inputs, boolean keepDims) {
        int channels = Inputs.picture(inputs).size(1);
        return keepDims ? Shape.batchOf(channels, 1, 1) : Shape.batchOf(channels);
    }

    static Shape windowed(List<Shape> inputs, int size, int stride, Padding padding) {
        Shape input = Inputs.picture(inputs);
        return Padding.slide(padding.window(size, size, stride, 1, input), input, input.size(1));
    }
}
