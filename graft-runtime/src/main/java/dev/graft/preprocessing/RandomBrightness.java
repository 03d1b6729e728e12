package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.SplittableRandom;

/**
 * Adds one number to all of a picture and clips it to the value range. Shape kept.
 *
 * @param factor what is added, as a share of the value range: -1 gives black, 1 white; within -1 and 1
 * @param valueRange what pixels may be
 */
public record RandomBrightness(Range factor, Range valueRange, long seed) implements RandomTransform {
    public RandomBrightness {
        factor.requireWithin("RandomBrightness: factor", -1, 1);
        valueRange.requireWide("RandomBrightness: value range");
    }

    /** Pixels 0..255; up to so much darker or lighter. */
    public static RandomBrightness of(double factor) {
        return of(Range.around(factor));
    }

    /** Pixels 0..255. */
    public static RandomBrightness of(Range factor) {
        return new RandomBrightness(factor, Range.PIXELS, 0);
    }

    public RandomBrightness valueRange(Range values) {
        return new RandomBrightness(factor, values, seed);
    }

    public RandomBrightness seed(long number) {
        return new RandomBrightness(factor, valueRange, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        float[] values = planes.values();
        float summand = (float) (factor.draw(random) * (valueRange.upper() - valueRange.lower()));
        for (int i = 0; i < values.length; i++) {
            values[i] = valueRange.clip(values[i] + summand);
        }
        return planes.toHost();
    }
}
