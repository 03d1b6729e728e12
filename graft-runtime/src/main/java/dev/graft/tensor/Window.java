package dev.graft.tensor;

/**
 * Where a convolution or a pooling looks: kernel, stride, padding and dilation, in pixels of its input.
 *
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param stride step between two places, the same both ways
 * @param top rows of padding above; the other three sides likewise
 * @param dilation distance between two kernel elements
 */
public record Window(
        int kernelHeight, int kernelWidth, int stride, int top, int left, int bottom, int right, int dilation) {

    /** Whether opposite sides are padded alike, which is all that libtorch takes by itself. */
    public boolean symmetric() {
        return top == bottom && left == right;
    }

    /** The same place without padding: for an input that was padded already. */
    public Window unpadded() {
        return new Window(kernelHeight, kernelWidth, stride, 0, 0, 0, 0, dilation);
    }

    /** Rows of the output for {@code height} rows of input; not positive if the kernel does not fit. */
    public int outputHeight(int height) {
        return places(height + top + bottom, kernelHeight);
    }

    /** Columns of the output for {@code width} columns of input; not positive if the kernel does not fit. */
    public int outputWidth(int width) {
        return places(width + left + right, kernelWidth);
    }

    private int places(int padded, int kernel) {
        return Math.floorDiv(padded - dilation * (kernel - 1) - 1, stride) + 1;
    }
}
