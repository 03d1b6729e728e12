package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.SplittableRandom;

/**
 * {@code (x - mean) * factor + mean}, mean a channel of each picture, clipped to the value range. Shape kept.
 *
 * @param factor the one that is multiplied with: 0 gives grey, 1 the picture, 2 twice the contrast
 * @param valueRange what pixels may be
 */
public record RandomContrast(Range factor, Range valueRange, long seed) implements RandomTransform {
    public RandomContrast {
        factor.requireWithin("RandomContrast: factor", 0, 2);
        valueRange.requireWide("RandomContrast: value range");
    }

    /** Pixels 0..255; the factor is drawn from {@code 1 - change} to {@code 1 + change}. */
    public static RandomContrast of(double change) {
        return of(change, change);
    }

    /** Pixels 0..255; the factor is drawn from {@code 1 - lower} to {@code 1 + upper}, as Keras' pair. */
    public static RandomContrast of(double lower, double upper) {
        return new RandomContrast(Range.of(1 - lower, 1 + upper), Range.PIXELS, 0);
    }

    public RandomContrast valueRange(Range values) {
        return new RandomContrast(factor, values, seed);
    }

    public RandomContrast seed(long number) {
        return new RandomContrast(factor, valueRange, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        float[] values = planes.values();
        float contrast = (float) factor.draw(random);
        for (int first = 0; first < values.length; first += planes.pixels()) {
            double sum = 0;
            for (int i = first; i < first + planes.pixels(); i++) {
                sum += values[i];
            }
            float mean = (float) (sum / planes.pixels());
            for (int i = first; i < first + planes.pixels(); i++) {
                values[i] = valueRange.clip((values[i] - mean) * contrast + mean);
            }
        }
        return planes.toHost();
    }
}
