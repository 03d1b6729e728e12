package dev.graft.data;

/**
 * Which part of the upright picture fills the square.
 *
 * @param x across
 * @param y down
 */
record Placement(Span x, Span y) {
    /** The plain view of a picture of {@code width} x {@code height} pixels. */
    static Placement plain(InputGeometry geometry, int width, int height) {
        int size = geometry.size();
        return switch (geometry.fit()) {
            case STRETCH -> new Placement(Span.whole(0, width, size), Span.whole(0, height, size));
            case CENTER_CROP -> {
                // torchvision's Resize cuts the longer side's fraction off
                long resize = geometry.resize();
                int shorter = Math.min(width, height);
                yield new Placement(
                        Span.middle(width, resize * width / shorter, size),
                        Span.middle(height, resize * height / shorter, size));
            }
        };
    }

    /** All of a part of the picture. */
    static Placement of(CropBox box, InputGeometry geometry) {
        return new Placement(
                Span.whole(box.left(), box.left() + box.width(), geometry.size()),
                Span.whole(box.top(), box.top() + box.height(), geometry.size()));
    }

    /** How far a JPEG may be reduced while decoding so that twice the pixels needed are left. */
    int reduction() {
        double scale = Math.min(x.scale(), y.scale());
        return scale >= 16 ? 8 : scale >= 8 ? 4 : scale >= 4 ? 2 : 1;
    }
}
