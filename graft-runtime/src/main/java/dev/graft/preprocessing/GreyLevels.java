package dev.graft.preprocessing;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Operations on pictures of whole grey levels 0..255, equal to torchvision's on {@code uint8} tensors: float32 arithmetic
 * in the same order, cut off to whole levels where torchvision cuts off.
 */
final class GreyLevels {
    private static final int LEVELS = 256;

    private GreyLevels() {}

    /** Pixels of a value range as the nearest grey levels. */
    static Planes from(Planes picture, Range range) {
        Planes levels = picture.blank();
        double scale = (LEVELS - 1) / (range.upper() - range.lower());
        for (int i = 0; i < picture.values().length; i++) {
            levels.values()[i] = Math.round((range.clip(picture.values()[i]) - range.lower()) * scale);
        }
        return levels;
    }

    static Planes to(Planes levels, Range range) {
        Planes picture = levels.blank();
        double scale = (range.upper() - range.lower()) / (LEVELS - 1);
        for (int i = 0; i < levels.values().length; i++) {
            picture.values()[i] = (float) (levels.values()[i] * scale + range.lower());
        }
        return picture;
    }

    /** The picture's values after bilinear sampling, whole again. */
    static Planes rounded(Planes picture) {
        for (int i = 0; i < picture.values().length; i++) {
            picture.values()[i] = (float) Math.rint(picture.values()[i]);
        }
        return picture;
    }

    static Planes brightness(Planes in, double factor) {
        return blend(in, in.blank(), factor);
    }

    /** Away from, or towards, the picture's luminance. */
    static Planes colour(Planes in, double factor) {
        if (in.channels() == 1) {
            return in;
        }
        Planes grey = in.blank();
        for (int i = 0; i < in.pixels(); i++) {
            float level = luminance(in, i);
            for (int channel = 0; channel < in.channels(); channel++) {
                grey.values()[channel * in.pixels() + i] = level;
            }
        }
        return blend(in, grey, factor);
    }

    /** Away from, or towards, the mean luminance. */
    static Planes contrast(Planes in, double factor) {
        double sum = 0;
        for (int i = 0; i < in.pixels(); i++) {
            sum += luminance(in, i);
        }
        Planes grey = in.blank();
        Arrays.fill(grey.values(), (float) (sum / in.pixels()));
        return blend(in, grey, factor);
    }

    /** Away from, or towards, a blurred picture whose outermost pixels are left sharp. */
    static Planes sharpness(Planes in, double factor) {
        int width = in.width();
        if (width <= 2 || in.height() <= 2) {
            return in;
        }
        Planes blurred =
                new Planes(in.channels(), in.height(), width, in.values().clone());
        for (int channel = 0; channel < in.channels(); channel++) {
            for (int y = 1; y < in.height() - 1; y++) {
                int row = (channel * in.height() + y) * width;
                for (int at = row + 1; at < row + width - 1; at++) {
                    float sum = 4 * in.values()[at];
                    for (int above = at - width; above <= at + width; above += width) {
                        sum += in.values()[above - 1] + in.values()[above] + in.values()[above + 1];
                    }
                    blurred.values()[at] = Math.round(sum / 13);
                }
            }
        }
        return blend(in, blurred, factor);
    }

    /** Keeps the highest bits of each level. */
    static Planes posterize(Planes in, int bits) {
        int mask = -(1 << (8 - bits));
        return mapped(in, level -> level & mask);
    }

    /** Turns levels from the threshold upwards over. */
    static Planes solarize(Planes in, double threshold) {
        return mapped(in, level -> level >= threshold ? LEVELS - 1 - level : level);
    }

    /** Stretches each channel to all of 0..255. */
    static Planes autoContrast(Planes in) {
        Planes out = in.blank();
        for (int first = 0; first < in.values().length; first += in.pixels()) {
            float least = LEVELS;
            float most = 0;
            for (int i = first; i < first + in.pixels(); i++) {
                least = Math.min(least, in.values()[i]);
                most = Math.max(most, in.values()[i]);
            }
            // torch divides a number by a tensor through the reciprocal.
            float scale = least == most ? 1 : 1 / (most - least) * (LEVELS - 1);
            float origin = least == most ? 0 : least;
            for (int i = first; i < first + in.pixels(); i++) {
                out.values()[i] = level((in.values()[i] - origin) * scale);
            }
        }
        return out;
    }

    /** Spreads the levels of each channel so that all are about equally frequent. */
    static Planes equalize(Planes in) {
        Planes out = in.blank();
        for (int first = 0; first < in.values().length; first += in.pixels()) {
            int[] histogram = new int[LEVELS];
            int last = 0;
            for (int i = first; i < first + in.pixels(); i++) {
                int level = (int) in.values()[i];
                histogram[level]++;
                last = Math.max(last, level);
            }
            int step = (in.pixels() - histogram[last]) / (LEVELS - 1);
            int[] table = equalizing(histogram, step);
            for (int i = first; i < first + in.pixels(); i++) {
                int level = (int) in.values()[i];
                out.values()[i] = step == 0 ? level : table[level];
            }
        }
        return out;
    }

    private static int[] equalizing(int[] histogram, int step) {
        int[] table = new int[LEVELS];
        int below = 0;
        for (int level = 1; step > 0 && level < LEVELS; level++) {
            below += histogram[level - 1];
            table[level] = Math.min(LEVELS - 1, (below + step / 2) / step);
        }
        return table;
    }

    private static float luminance(Planes in, int pixel) {
        float[] values = in.values();
        if (in.channels() == 1) {
            return values[pixel];
        }
        int pixels = in.pixels();
        return (int) (0.2989f * values[pixel] + 0.587f * values[pixels + pixel] + 0.114f * values[2 * pixels + pixel]);
    }

    /** {@code factor * a + (1 - factor) * b}, cut off to whole levels. */
    private static Planes blend(Planes a, Planes b, double factor) {
        Planes out = a.blank();
        float shareA = (float) factor;
        float shareB = (float) (1 - factor);
        for (int i = 0; i < out.values().length; i++) {
            out.values()[i] = level(shareA * a.values()[i] + shareB * b.values()[i]);
        }
        return out;
    }

    private static float level(float value) {
        return (int) Math.min(LEVELS - 1, Math.max(0, value));
    }

    private static Planes mapped(Planes in, IntUnaryOperator function) {
        int[] table = IntStream.range(0, LEVELS).map(function).toArray();
        Planes out = in.blank();
        for (int i = 0; i < out.values().length; i++) {
            out.values()[i] = table[(int) in.values()[i]];
        }
        return out;
    }
}
