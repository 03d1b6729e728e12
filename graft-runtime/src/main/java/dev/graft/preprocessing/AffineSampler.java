package dev.graft.preprocessing;

import dev.graft.tensor.Interpolation;

/**
 * Fills a picture from another one through an {@link AffineMap}. Each of the one or four pixels that a value is made of
 * is looked up by the {@link FillMode}, as Keras' {@code map_coordinates} does. TensorFlow's ImageProjectiveTransformV3
 * gives the same, except that its WRAP repeats an edge pixel where others are wrapped to.
 */
final class AffineSampler {
    private final float[] in;
    private final float[] out;
    private final int channels;
    private final int height;
    private final int width;
    private final int pixels;
    private final FillMode mode;
    private final float fill;

    private AffineSampler(Planes in, Planes out, Sampling sampling) {
        this.in = in.values();
        this.out = out.values();
        this.channels = in.channels();
        this.height = in.height();
        this.width = in.width();
        this.pixels = in.pixels();
        this.mode = sampling.fillMode();
        this.fill = (float) sampling.fillValue();
    }

    static Planes sample(Planes in, AffineMap map, Sampling sampling) {
        Planes out = in.blank();
        AffineSampler sampler = new AffineSampler(in, out, sampling);
        boolean nearest = sampling.interpolation() == Interpolation.NEAREST;
        for (int y = 0; y < in.height(); y++) {
            double rowX = map.xy() * y + map.x0();
            double rowY = map.yy() * y + map.y0();
            if (nearest) {
                sampler.nearestRow(y * in.width(), map, rowX, rowY);
            } else {
                sampler.bilinearRow(y * in.width(), map, rowX, rowY);
            }
        }
        return out;
    }

    private void nearestRow(int at, AffineMap map, double rowX, double rowY) {
        for (int x = 0; x < width; x++) {
            int column = mode.place(round(map.xx() * x + rowX), width);
            int row = mode.place(round(map.yx() * x + rowY), height);
            int from = row < 0 || column < 0 ? -1 : row * width + column;
            for (int channel = 0; channel < channels; channel++) {
                out[channel * pixels + at + x] = from < 0 ? fill : in[channel * pixels + from];
            }
        }
    }

    /** Halves away from zero, as TensorFlow's. */
    private static int round(double value) {
        return value < 0 ? -(int) (0.5 - value) : (int) (value + 0.5);
    }

    private void bilinearRow(int at, AffineMap map, double rowX, double rowY) {
        for (int x = 0; x < width; x++) {
            double fromX = map.xx() * x + rowX;
            double fromY = map.yx() * x + rowY;
            int column = (int) Math.floor(fromX);
            int row = (int) Math.floor(fromY);
            float shareX = (float) (fromX - column);
            float shareY = (float) (fromY - row);
            if (column >= 0 && row >= 0 && column < width - 1 && row < height - 1) {
                inside(at + x, row * width + column, shareX, shareY);
            } else {
                atTheEdge(at + x, row, column, shareX, shareY);
            }
        }
    }

    private void inside(int at, int from, float shareX, float shareY) {
        for (int channel = 0; channel < channels; channel++) {
            int upper = channel * pixels + from;
            int lower = upper + width;
            float top = HostResize.mix(in[upper], in[upper + 1], shareX);
            float bottom = HostResize.mix(in[lower], in[lower + 1], shareX);
            out[channel * pixels + at] = HostResize.mix(top, bottom, shareY);
        }
    }

    private void atTheEdge(int at, int row, int column, float shareX, float shareY) {
        int left = mode.place(column, width);
        int right = mode.place(column + 1, width);
        int above = mode.place(row, height);
        int below = mode.place(row + 1, height);
        for (int channel = 0; channel < channels; channel++) {
            float top = HostResize.mix(pixel(channel, above, left), pixel(channel, above, right), shareX);
            float bottom = HostResize.mix(pixel(channel, below, left), pixel(channel, below, right), shareX);
            out[channel * pixels + at] = HostResize.mix(top, bottom, shareY);
        }
    }

    private float pixel(int channel, int row, int column) {
        return row < 0 || column < 0 ? fill : in[channel * pixels + row * width + column];
    }
}
