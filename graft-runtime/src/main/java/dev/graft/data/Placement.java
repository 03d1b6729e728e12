package dev.graft.data;

import java.util.SplittableRandom;

/**
 * Which part of the upright picture fills the square, and whether mirrored.
 *
 * @param x across
 * @param y down
 * @param flip whether the square is mirrored left to right at the end
 */
record Placement(Span x, Span y, boolean flip) {
    private static final int ATTEMPTS = 10;
    private static final double WIDEST = 4.0 / 3;

    /** The plain view of a picture of {@code width} x {@code height} pixels. */
    static Placement plain(InputGeometry geometry, int width, int height) {
        int size = geometry.size();
        return switch (geometry.fit()) {
            case STRETCH -> new Placement(Span.whole(0, width, size), Span.whole(0, height, size), false);
            case CENTER_CROP -> {
                // torchvision's Resize cuts the longer side's fraction off
                long resize = geometry.resize();
                int shorter = Math.min(width, height);
                yield new Placement(
                        Span.middle(width, resize * width / shorter, size),
                        Span.middle(height, resize * height / shorter, size),
                        false);
            }
        };
    }

    /** A random view: torchvision's RandomResizedCrop and RandomHorizontalFlip. */
    static Placement random(InputGeometry geometry, Augment augment, SplittableRandom random, int width, int height) {
        boolean flip = augment.flip() && random.nextBoolean();
        Placement plain = plain(geometry, width, height);
        if (!augment.crops()) {
            return new Placement(plain.x, plain.y, flip);
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            double share = between(random, augment.smallestCrop(), augment.largestCrop());
            double area = share * width * height;
            double aspect = Math.exp(between(random, -Math.log(WIDEST), Math.log(WIDEST)));
            long cropWidth = Math.round(Math.sqrt(area * aspect));
            long cropHeight = Math.round(Math.sqrt(area / aspect));
            if (cropWidth > 0 && cropWidth <= width && cropHeight > 0 && cropHeight <= height) {
                int left = random.nextInt((int) (width - cropWidth + 1));
                int top = random.nextInt((int) (height - cropHeight + 1));
                return new Placement(
                        Span.whole(left, (int) (left + cropWidth), geometry.size()),
                        Span.whole(top, (int) (top + cropHeight), geometry.size()),
                        flip);
            }
        }
        return new Placement(plain.x, plain.y, flip);
    }

    /** How far a JPEG may be reduced while decoding so that twice the pixels needed are left. */
    int reduction() {
        double scale = Math.min(x.scale(), y.scale());
        return scale >= 16 ? 8 : scale >= 8 ? 4 : scale >= 4 ? 2 : 1;
    }

    private static double between(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
