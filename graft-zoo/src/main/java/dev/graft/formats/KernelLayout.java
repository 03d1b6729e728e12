package dev.graft.formats;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.FileNumbers;
import dev.graft.weights.StoredTensor;
import java.nio.FloatBuffer;

/**
 * Gives kernels of Keras, {@code [pixels, inputs, units]}, the layout of torch's, {@code [units, inputs, pixels]}. A kernel
 * in a file is read in blocks, since what is copied out of a mapping would stay in memory twice.
 */
final class KernelLayout {
    /** Numbers read before they are put in place. */
    static final int BLOCK_NUMBERS = 1 << 19;

    /** So many units are put in order together: as many numbers as a cache line has, since they lie side by side. */
    private static final int AT_ONCE = 16;

    private KernelLayout() {}

    /**
     * The kernel in torch's layout; put in order when it is read.
     *
     * @param kernel of any shape whose numbers lie as {@code [pixels, inputs, units]}
     * @param shape of the result, units first
     */
    static StoredTensor torch(StoredTensor kernel, int pixels, Shape shape) {
        return new StoredTensor(shape, kernel.type(), () -> read(kernel, pixels, shape));
    }

    private static HostTensor read(StoredTensor kernel, int pixels, Shape shape) {
        if (shape.elements() == 0) {
            return HostTensor.allocate(shape);
        }
        int units = shape.size(0);
        int inputs = Math.toIntExact(shape.elements() / units / pixels);
        if (kernel.source() instanceof FileNumbers numbers
                && numbers.hasParts()
                && (long) pixels * units <= BLOCK_NUMBERS) {
            HostTensor weight = HostTensor.allocate(shape);
            try (FileNumbers.Parts parts = numbers.parts()) {
                copy(parts, pixels, inputs, units, weight.values());
            }
            return weight;
        }
        long[] strides = {1, units, (long) inputs * units};
        HostTensor weight = Strided.copy(kernel.read(), Shape.of(units, inputs, pixels), strides);
        return new HostTensor(shape, weight.values());
    }

    /** A block has some inputs of all pixels, so that what it gives a unit lies in one piece. */
    private static void copy(FileNumbers.Parts from, int pixels, int inputs, int units, FloatBuffer to) {
        int most = Math.min(inputs, BLOCK_NUMBERS / (pixels * units));
        float[] block = new float[most * pixels * units];
        float[] runs = new float[most * pixels * Math.min(AT_ONCE, units)];
        for (int first = 0; first < inputs; first += most) {
            int count = Math.min(most, inputs - first);
            int row = count * units;
            for (int pixel = 0; pixel < pixels; pixel++) {
                from.fill(FloatBuffer.wrap(block, pixel * row, row), ((long) pixel * inputs + first) * units);
            }
            for (int unit = 0; unit < units; unit += AT_ONCE) {
                int width = Math.min(AT_ONCE, units - unit);
                turn(block, unit, units, width, pixels, count, runs);
                for (int i = 0; i < width; i++) {
                    int place = ((unit + i) * inputs + first) * pixels;
                    to.put(place, runs, i * count * pixels, count * pixels);
                }
            }
        }
    }

    /** Puts what a block has for {@code width} units into one run a unit. */
    private static void turn(float[] block, int unit, int units, int width, int pixels, int count, float[] runs) {
        int run = count * pixels;
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int input = 0; input < count; input++) {
                int from = (pixel * count + input) * units + unit;
                int to = input * pixels + pixel;
                for (int i = 0; i < width; i++) {
                    runs[i * run + to] = block[from + i];
                }
            }
        }
    }
}
