package dev.graft.layers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.util.List;

/**
 * What stands beyond the edge of a picture. Explicit padding is torch's; {@link Same} is TensorFlow's, which at stride 2
 * pads unevenly and so gives other numbers.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Padding.Pixels.class, name = "pixels"),
    @JsonSubTypes.Type(value = Padding.Same.class, name = "same")
})
public sealed interface Padding {
    /** As many pixels on each side. */
    record Pixels(int top, int left, int bottom, int right) implements Padding {
        public Pixels {
            if (top < 0 || left < 0 || bottom < 0 || right < 0) {
                throw new IllegalArgumentException("Padding: no side is below 0");
            }
        }
    }

    /** TensorFlow's SAME: the output has {@code ceil(input / stride)} rows; the odd pixel goes below and right. */
    record Same() implements Padding {}

    static Padding none() {
        return pixels(0);
    }

    static Padding pixels(int each) {
        return new Pixels(each, each, each, each);
    }

    static Padding same() {
        return new Same();
    }

    /** The window over an input {@code [N, C, H, W]}. */
    default Window window(int kernelHeight, int kernelWidth, int stride, int dilation, Shape input) {
        if (this instanceof Pixels pixels) {
            return new Window(
                    kernelHeight, kernelWidth, stride, pixels.top, pixels.left, pixels.bottom, pixels.right, dilation);
        }
        int rows = missing(input.size(2), kernelHeight, stride, dilation);
        int columns = missing(input.size(3), kernelWidth, stride, dilation);
        return new Window(
                kernelHeight,
                kernelWidth,
                stride,
                rows / 2,
                columns / 2,
                rows - rows / 2,
                columns - columns / 2,
                dilation);
    }

    /** The shape after sliding the window over {@code input}, with {@code channels} channels. */
    static Shape slide(Window window, Shape input, int channels) {
        int height = window.outputHeight(input.size(2));
        int width = window.outputWidth(input.size(3));
        if (height < 1 || width < 1) {
            throw new ShapeException(
                    "an input of at least " + span(window.kernelHeight(), window) + "x"
                            + span(window.kernelWidth(), window) + " pixels with its padding",
                    List.of(input),
                    "use larger pictures or cut the network earlier");
        }
        return Shape.batchOf(channels, height, width);
    }

    private static int span(int kernel, Window window) {
        return window.dilation() * (kernel - 1) + 1;
    }

    private static int missing(int size, int kernel, int stride, int dilation) {
        int places = Math.floorDiv(size + stride - 1, stride);
        return Math.max(0, (places - 1) * stride + dilation * (kernel - 1) + 1 - size);
    }
}
