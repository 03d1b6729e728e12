package dev.graft.preprocessing;

import java.util.SplittableRandom;

/** The numbers from {@code lower} to {@code upper}: what a factor is drawn from, or what pixels may be. */
public record Range(double lower, double upper) {
    /** What pixels of files are: 0 to 255. */
    public static final Range PIXELS = new Range(0, 255);

    public Range {
        if (!(Double.isFinite(lower) && Double.isFinite(upper) && lower <= upper)) {
            throw new IllegalArgumentException("Range: expected lower <= upper, got " + lower + " and " + upper);
        }
    }

    public static Range of(double lower, double upper) {
        return new Range(lower, upper);
    }

    /** From {@code -factor} to {@code factor}: what Keras makes of a single number. */
    public static Range around(double factor) {
        return new Range(-Math.abs(factor), Math.abs(factor));
    }

    double draw(SplittableRandom random) {
        return lower + (upper - lower) * random.nextDouble();
    }

    float clip(float value) {
        return (float) Math.min(upper, Math.max(lower, value));
    }

    /** Refuses a factor that leaves the given bounds. */
    void requireWithin(String what, double least, double most) {
        if (lower < least || upper > most) {
            throw new IllegalArgumentException(what + " is from " + least + " to " + most + ", got " + lower
                    + (lower == upper ? "" : " to " + upper));
        }
    }

    /** Refuses the values of pixels that are all one. */
    void requireWide(String what) {
        if (lower == upper) {
            throw new IllegalArgumentException(what + ": expected an upper end above the lower, got both " + lower);
        }
    }
}
