package dev.graft.data;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What the random views of pictures show: {@code preprocessing.Augmentation} for whoever reads pictures. Asked by many
 * threads at once; the random numbers of a view come from {@link View} alone.
 */
public interface RandomViews {
    /** Every view is the plain one. */
    RandomViews NONE = new RandomViews() {
        @Override
        public void requireSize(int size) {}

        @Override
        public Optional<CropBox> crop(int width, int height, SplittableRandom random) {
            return Optional.empty();
        }

        @Override
        public FloatBuffer change(float[] pixels, int size, SplittableRandom random) {
            return FloatBuffer.wrap(pixels);
        }
    };

    /**
     * Refuses squares that would not keep their size.
     *
     * @throws dev.graft.GraftException saying what would change it
     */
    void requireSize(int size);

    /**
     * The part of an upright picture that a view shows, chosen before the picture is decoded, so that no more of it need
     * be decoded than that takes; empty where a view is cut as the plain one.
     */
    Optional<CropBox> crop(int width, int height, SplittableRandom random);

    /**
     * What becomes of the square that was decoded.
     *
     * @param pixels {@code [3, size, size]}, grey levels 0 to 255; may be overwritten
     * @param random after {@link #crop} has drawn
     * @return as many
     */
    FloatBuffer change(float[] pixels, int size, SplittableRandom random);
}
