package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Moves each picture. Shape kept.
 *
 * @param heightFactor how far down, as a share of the height; within -1 and 1
 * @param widthFactor how far right, as a share of the width; within -1 and 1
 */
public record RandomTranslation(Range heightFactor, Range widthFactor, Sampling sampling, long seed)
        implements RandomTransform {
    public RandomTranslation {
        heightFactor.requireWithin("RandomTranslation: height factor", -1, 1);
        widthFactor.requireWithin("RandomTranslation: width factor", -1, 1);
        Objects.requireNonNull(sampling, "sampling");
    }

    /** Up to so much either way. */
    public static RandomTranslation of(double heightFactor, double widthFactor) {
        return of(Range.around(heightFactor), Range.around(widthFactor));
    }

    public static RandomTranslation of(Range heightFactor, Range widthFactor) {
        return new RandomTranslation(heightFactor, widthFactor, Sampling.STANDARD, 0);
    }

    public RandomTranslation sampling(Sampling how) {
        return new RandomTranslation(heightFactor, widthFactor, how, seed);
    }

    public RandomTranslation seed(long number) {
        return new RandomTranslation(heightFactor, widthFactor, sampling, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        double down = heightFactor.draw(random) * planes.height();
        double right = widthFactor.draw(random) * planes.width();
        return AffineSampler.sample(planes, AffineMap.translation(down, right), sampling)
                .toHost();
    }
}
