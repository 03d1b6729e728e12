package dev.graft.layers;

import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.util.List;

/** What the pooling layers share. */
final class SharedPooling {
    private SharedPooling() {}

    static Shape global(List<Shape> inputs, boolean keepDims) {
        int channels = Inputs.picture(inputs).size(1);
        return keepDims ? Shape.batchOf(channels, 1, 1) : Shape.batchOf(channels);
    }

    static void check(String type, int size, int stride) {
        if (size < 1 || stride < 1) {
            throw new IllegalArgumentException(type + ": size and stride are at least 1");
        }
    }

    static Shape windowed(List<Shape> inputs, int size, int stride, Padding padding) {
        Shape input = Inputs.picture(inputs);
        Window window = padding.window(size, size, stride, 1, input);
        int widest = Math.max(Math.max(window.top(), window.bottom()), Math.max(window.left(), window.right()));
        // libtorch's limit: a window never lies in the padding alone.
        if (widest > size / 2) {
            throw new ShapeException(
                    "at most " + size / 2 + " pixels of padding round windows of " + size + ", not " + widest,
                    inputs,
                    "use less padding");
        }
        return Padding.slide(window, input, input.size(1));
    }
}
