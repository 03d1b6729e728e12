package dev.graft.data;

import java.util.Objects;

/**
 * How a picture of any size becomes the square a network takes. Belongs to the weights and is saved with them.
 *
 * @param size the square's side in pixels
 * @param fit how the picture is brought to the square
 * @param resize the length in pixels the shorter side is resized to before the crop; equals {@code size} when nothing
 *     is cut off the shorter side, and for {@link Fit#STRETCH}
 * @param interpolation between the picture's pixels
 */
public record InputGeometry(int size, Fit fit, int resize, Interpolation interpolation) {
    private static final int LARGEST = 4096;

    /** How a picture that is not square is brought to a square. */
    public enum Fit {
        /** Both sides are resized to the square's; the proportions change. */
        STRETCH,
        /** The shorter side is resized, the middle is cut out: {@code Resize(resize), CenterCrop(size)}. */
        CENTER_CROP
    }

    /** Pillow's filters of these names: antialiased, so what shrinks is averaged over all its pixels. */
    public enum Interpolation {
        /** A triangle over the two nearest pixels, or over as many as one output pixel covers. */
        BILINEAR,
        /** Catmull-Rom over the four nearest: cubic convolution with {@code a = -0.5}. */
        BICUBIC
    }

    public InputGeometry {
        Objects.requireNonNull(fit, "fit");
        Objects.requireNonNull(interpolation, "interpolation");
        if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("picture size must be 1 to " + LARGEST + " pixels, got " + size);
        }
        if (resize < size || resize > 2 * LARGEST) {
            throw new IllegalArgumentException(
                    "resize must be from the size, " + size + ", to " + 2 * LARGEST + " pixels, got " + resize);
        }
        if (fit == Fit.STRETCH && resize != size) {
            throw new IllegalArgumentException("stretching to " + size + " pixels leaves no resize of " + resize);
        }
    }

    /** Both sides resized to {@code size}, bilinear. */
    public static InputGeometry stretch(int size) {
        return new InputGeometry(size, Fit.STRETCH, size, Interpolation.BILINEAR);
    }

    /** The shorter side resized to {@code size}, then the middle square; bilinear. */
    public static InputGeometry centerCrop(int size) {
        return centerCrop(size, size);
    }

    /**
     * The shorter side resized to {@code resize}, then the middle square of {@code size}; 224 and 256 on ImageNet.
     * Bilinear.
     */
    public static InputGeometry centerCrop(int size, int resize) {
        return new InputGeometry(size, Fit.CENTER_CROP, resize, Interpolation.BILINEAR);
    }

    /** The same with bicubic interpolation, which many weights were trained behind. */
    public InputGeometry bicubic() {
        return new InputGeometry(size, fit, resize, Interpolation.BICUBIC);
    }

    /** The same fit for another input size; the margin cut off keeps its share. */
    public InputGeometry withSize(int other) {
        int resized = Math.max(other, Math.round((float) resize * other / size));
        return new InputGeometry(other, fit, resized, interpolation);
    }

    /** How many numbers one picture becomes: {@code 3 * size * size}. */
    public int elements() {
        return 3 * size * size;
    }
}
