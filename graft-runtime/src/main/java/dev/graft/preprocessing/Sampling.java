package dev.graft.preprocessing;

import dev.graft.tensor.Interpolation;
import java.util.Objects;

/**
 * How a picture is read between and beyond its pixels when it is turned, zoomed or moved.
 *
 * @param fillMode what stands beyond the edge
 * @param fillValue for {@link FillMode#CONSTANT}, in the unit of the pixels
 * @param interpolation between pixels
 */
public record Sampling(FillMode fillMode, double fillValue, Interpolation interpolation) {
    /** Keras' default: reflected at the edge, bilinear. */
    public static final Sampling STANDARD = of(FillMode.REFLECT);

    public Sampling {
        Objects.requireNonNull(fillMode, "fillMode");
        Objects.requireNonNull(interpolation, "interpolation");
        if (!Double.isFinite(fillValue)) {
            throw new IllegalArgumentException("Sampling: expected a finite fill value, got " + fillValue);
        }
    }

    /** Bilinear; {@link FillMode#CONSTANT} fills with 0. */
    public static Sampling of(FillMode fillMode) {
        return new Sampling(fillMode, 0, Interpolation.BILINEAR);
    }

    /** Bilinear, with the given value beyond the edge. */
    public static Sampling constant(double fillValue) {
        return new Sampling(FillMode.CONSTANT, fillValue, Interpolation.BILINEAR);
    }

    public Sampling interpolation(Interpolation between) {
        return new Sampling(fillMode, fillValue, between);
    }
}
