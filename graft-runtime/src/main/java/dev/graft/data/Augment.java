package dev.graft.data;

/**
 * What the random views of a picture may change. Immutable; start from {@link #standard()} or {@link #none()}.
 *
 * @param flip whether half of the views are mirrored left to right
 * @param smallestCrop the smallest share of the picture's area that a view shows, over 0 and at most 1
 * @param largestCrop the largest share; with both 1 the views are cut as the plain one
 * @param jitter how far brightness, contrast and saturation may go from 1 either way, 0 to below 1
 */
public record Augment(boolean flip, double smallestCrop, double largestCrop, double jitter) {
    public Augment {
        if (!(smallestCrop > 0 && smallestCrop <= largestCrop && largestCrop <= 1)) {
            throw new IllegalArgumentException(
                    "crop shares must rise within 0 to 1, got " + smallestCrop + " to " + largestCrop);
        }
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to below 1, got " + jitter);
        }
    }

    /** Flips, crops of half to all of the picture, colours changed by up to a fifth. */
    public static Augment standard() {
        return new Augment(true, 0.5, 1, 0.2);
    }

    /** Every view is the plain one. */
    public static Augment none() {
        return new Augment(false, 1, 1, 0);
    }

    public Augment flip(boolean flip) {
        return new Augment(flip, smallestCrop, largestCrop, jitter);
    }

    public Augment crop(double smallest, double largest) {
        return new Augment(flip, smallest, largest, jitter);
    }

    public Augment jitter(double jitter) {
        return new Augment(flip, smallestCrop, largestCrop, jitter);
    }

    boolean crops() {
        return smallestCrop < 1;
    }
}
