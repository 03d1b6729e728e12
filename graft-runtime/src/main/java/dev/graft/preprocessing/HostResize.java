package dev.graft.preprocessing;

import dev.graft.tensor.Interpolation;

/** {@code Ops.resize} on a picture in memory of the JVM. */
final class HostResize {
    private HostResize() {}

    static Planes resize(Planes in, int height, int width, Interpolation interpolation) {
        if (in.height() == height && in.width() == width) {
            return in;
        }
        return switch (interpolation) {
            case BILINEAR -> bilinear(in, height, width);
            case NEAREST -> nearest(in, height, width);
        };
    }

    private static Planes nearest(Planes in, int height, int width) {
        int[] rows = Interpolation.nearestSources(in.height(), height);
        int[] columns = Interpolation.nearestSources(in.width(), width);
        float[] out = new float[in.channels() * height * width];
        int at = 0;
        for (int channel = 0; channel < in.channels(); channel++) {
            for (int row : rows) {
                int first = (channel * in.height() + row) * in.width();
                for (int column : columns) {
                    out[at++] = in.values()[first + column];
                }
            }
        }
        return new Planes(in.channels(), height, width, out);
    }

    private static Planes bilinear(Planes in, int height, int width) {
        Neighbours rows = new Neighbours(in.height(), height);
        Neighbours columns = new Neighbours(in.width(), width);
        float[] values = in.values();
        float[] out = new float[in.channels() * height * width];
        int at = 0;
        for (int channel = 0; channel < in.channels(); channel++) {
            for (int y = 0; y < height; y++) {
                int above = (channel * in.height() + rows.before[y]) * in.width();
                int below = (channel * in.height() + rows.after[y]) * in.width();
                for (int x = 0; x < width; x++) {
                    int left = columns.before[x];
                    int right = columns.after[x];
                    float top = mix(values[above + left], values[above + right], columns.share[x]);
                    float bottom = mix(values[below + left], values[below + right], columns.share[x]);
                    out[at++] = mix(top, bottom, rows.share[y]);
                }
            }
        }
        return new Planes(in.channels(), height, width, out);
    }

    static float mix(float before, float after, float share) {
        return before + (after - before) * share;
    }

    /** The two source pixels of each output pixel along one axis, and the share of the second. */
    private static final class Neighbours {
        final int[] before;
        final int[] after;
        final float[] share;

        Neighbours(int from, int to) {
            before = new int[to];
            after = new int[to];
            share = new float[to];
            for (int i = 0; i < to; i++) {
                double source = Math.max(0, (i + 0.5) * from / to - 0.5);
                before[i] = (int) source;
                after[i] = Math.min(before[i] + 1, from - 1);
                share[i] = (float) (source - before[i]);
            }
        }
    }
}
