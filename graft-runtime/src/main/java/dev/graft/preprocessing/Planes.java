package dev.graft.preprocessing;

import dev.graft.data.CropBox;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;

/**
 * A picture as pixel work takes it: channel after channel, row after row. Its values are its own until it is given out.
 */
record Planes(int channels, int height, int width, float[] values) {
    /** A copy of a picture {@code [C, H, W]}. */
    static Planes of(HostTensor picture) {
        Shape shape = picture.shape();
        return new Planes(shape.size(0), shape.size(1), shape.size(2), picture.toArray());
    }

    /** A picture {@code [C, H, W]} that may be overwritten, in its own memory where that is an array. */
    static Planes own(HostTensor picture) {
        FloatBuffer values = picture.values();
        boolean whole = values.hasArray() && values.array().length == picture.elements();
        Shape shape = picture.shape();
        return whole ? new Planes(shape.size(0), shape.size(1), shape.size(2), values.array()) : of(picture);
    }

    HostTensor toHost() {
        return HostTensor.of(Shape.of(channels, height, width), values);
    }

    /** How many pixels a channel has. */
    int pixels() {
        return height * width;
    }

    /** Zeros of the same size. */
    Planes blank() {
        return new Planes(channels, height, width, new float[values.length]);
    }

    Planes crop(CropBox box) {
        if (box.isAllOf(height, width)) {
            return this;
        }
        FloatBuffer cropped = FloatBuffer.allocate(channels * box.height() * box.width());
        for (int channel = 0; channel < channels; channel++) {
            for (int row = 0; row < box.height(); row++) {
                cropped.put(values, (channel * height + box.top() + row) * width + box.left(), box.width());
            }
        }
        return new Planes(channels, box.height(), box.width(), cropped.array());
    }

    /** Exchanges left and right. */
    void mirror() {
        for (int first = 0; first < values.length; first += width) {
            for (int left = first, right = first + width - 1; left < right; left++, right--) {
                float value = values[left];
                values[left] = values[right];
                values[right] = value;
            }
        }
    }

    /** Top and bottom exchanged. */
    Planes upsideDown() {
        Planes out = blank();
        for (int channel = 0; channel < channels; channel++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(
                        values,
                        (channel * height + y) * width,
                        out.values,
                        (channel * height + height - 1 - y) * width,
                        width);
            }
        }
        return out;
    }
}
