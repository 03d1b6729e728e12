package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Turns each picture round its middle. Shape kept.
 *
 * @param factor how far, in full turns, counter-clockwise if positive; within -1 and 1
 */
public record RandomRotation(Range factor, Sampling sampling, long seed) implements RandomTransform {
    public RandomRotation {
        factor.requireWithin("RandomRotation: factor", -1, 1);
        Objects.requireNonNull(sampling, "sampling");
    }

    /** Up to so many full turns either way: 0.1 is 36 degrees. */
    public static RandomRotation of(double factor) {
        return of(Range.around(factor));
    }

    public static RandomRotation of(Range factor) {
        return new RandomRotation(factor, Sampling.STANDARD, 0);
    }

    public RandomRotation sampling(Sampling how) {
        return new RandomRotation(factor, how, seed);
    }

    public RandomRotation seed(long number) {
        return new RandomRotation(factor, sampling, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        double angle = 2 * Math.PI * factor.draw(random);
        return AffineSampler.sample(planes, AffineMap.rotation(angle, planes), sampling)
                .toHost();
    }
}
