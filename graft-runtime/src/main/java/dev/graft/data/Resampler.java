package dev.graft.data;

import dev.graft.data.InputGeometry.Interpolation;
import java.util.Arrays;

/**
 * Resizes a part of a picture to a square, as Pillow does: across, rounded to whole grey levels, then down. Keeps its
 * working memory from picture to picture; one for each thread.
 */
final class Resampler {
    private static final int HALF = 1 << (Taps.PRECISION - 1);

    private byte[] row = {};
    private final int[] across;
    private final int[] sums;
    private final int size;
    private final Interpolation interpolation;

    Resampler(int size, Interpolation interpolation) {
        this.size = size;
        this.interpolation = interpolation;
        this.across = new int[size * 3];
        this.sums = new int[size * size * 3];
    }

    /** Computes the square; read it with {@link #level}. */
    void resample(DecodedPicture picture, Span x, Span y) {
        Taps columns = new Taps(x, interpolation);
        Taps rows = new Taps(y, interpolation);
        int left = columns.low();
        int width = columns.high() - left;
        if (row.length < width * 3) {
            row = new byte[width * 3];
        }
        Arrays.fill(sums, HALF);
        int open = 0;
        for (int sourceY = rows.low(); sourceY < rows.high(); sourceY++) {
            while (rows.starts[open] + rows.counts[open] <= sourceY) {
                open++;
            }
            picture.readRow(sourceY, left, width, row);
            resizeAcross(row, left, columns, across);
            for (int out = open; out < size && rows.starts[out] <= sourceY; out++) {
                int weight = rows.weights[out * rows.width + sourceY - rows.starts[out]];
                addRow(sums, out * across.length, across, weight);
            }
        }
    }

    /** The grey level, 0 to 255, of sample {@code index} of the square: rows of pixels of red, green, blue. */
    int level(int index) {
        return rounded(sums[index]);
    }

    /** To a grey level; bicubic sums overshoot on both ends. */
    private static int rounded(int sum) {
        return Math.max(0, Math.min(255, sum >> Taps.PRECISION));
    }

    private static void resizeAcross(byte[] row, int left, Taps taps, int[] out) {
        int[] weights = taps.weights;
        for (int i = 0; i < taps.count; i++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int at = (taps.starts[i] - left) * 3;
            int first = i * taps.width;
            int end = first + taps.counts[i];
            for (int k = first; k < end; k++, at += 3) {
                int weight = weights[k];
                red += (row[at] & 0xFF) * weight;
                green += (row[at + 1] & 0xFF) * weight;
                blue += (row[at + 2] & 0xFF) * weight;
            }
            out[i * 3] = rounded(red);
            out[i * 3 + 1] = rounded(green);
            out[i * 3 + 2] = rounded(blue);
        }
    }

    private static void addRow(int[] sums, int at, int[] row, int weight) {
        for (int i = 0; i < row.length; i++) {
            sums[at + i] += row[i] * weight;
        }
    }
}
