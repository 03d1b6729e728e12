package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Zooms each picture about its middle. Shape kept.
 *
 * @param heightFactor how much more height is seen, as a share: 0.2 zooms out by 20%, -0.2 zooms in; above -1, at most 1
 * @param widthFactor the same across
 * @param keepAspectRatio zooms both by the one number that is drawn for the height
 */
public record RandomZoom(Range heightFactor, Range widthFactor, boolean keepAspectRatio, Sampling sampling, long seed)
        implements RandomTransform {
    public RandomZoom {
        heightFactor.requireWithin("RandomZoom: height factor", -1, 1);
        widthFactor.requireWithin("RandomZoom: width factor", -1, 1);
        if (heightFactor.lower() == -1 || widthFactor.lower() == -1) {
            throw new IllegalArgumentException("RandomZoom: a factor of -1 shows nothing; factors are above -1");
        }
        Objects.requireNonNull(sampling, "sampling");
    }

    /** By up to so much in and out, both sides alike. */
    public static RandomZoom of(double factor) {
        return of(Range.around(factor));
    }

    /** Both sides alike. */
    public static RandomZoom of(Range factor) {
        return new RandomZoom(factor, factor, true, Sampling.STANDARD, 0);
    }

    /** Each side for itself, which changes the aspect. */
    public static RandomZoom of(Range heightFactor, Range widthFactor) {
        return new RandomZoom(heightFactor, widthFactor, false, Sampling.STANDARD, 0);
    }

    public RandomZoom sampling(Sampling how) {
        return new RandomZoom(heightFactor, widthFactor, keepAspectRatio, how, seed);
    }

    public RandomZoom seed(long number) {
        return new RandomZoom(heightFactor, widthFactor, keepAspectRatio, sampling, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        double height = 1 + heightFactor.draw(random);
        double width = keepAspectRatio ? height : 1 + widthFactor.draw(random);
        return AffineSampler.sample(planes, AffineMap.zoom(height, width, planes), sampling)
                .toHost();
    }
}
