package dev.graft.preprocessing;

/**
 * Where each output pixel comes from: {@code x' = xx·x + xy·y + x0}, {@code y' = yx·x + yy·y + y0}, between indices of
 * pixels. The six are the first of the eight numbers of Keras' {@code affine_transform}.
 */
record AffineMap(double xx, double xy, double x0, double yx, double yy, double y0) {
    /** A turn round the middle of the picture, counter-clockwise for a positive angle (radians). */
    static AffineMap rotation(double angle, Planes picture) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double x = (picture.width() - 1) / 2.0;
        double y = (picture.height() - 1) / 2.0;
        return new AffineMap(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y);
    }

    /** About the middle of the picture; factors above 1 zoom out. */
    static AffineMap zoom(double height, double width, Planes picture) {
        double x = (picture.width() - 1) / 2.0;
        double y = (picture.height() - 1) / 2.0;
        return new AffineMap(width, 0, x * (1 - width), 0, height, y * (1 - height));
    }

    /** Moves the picture down and right, in pixels. */
    static AffineMap translation(double down, double right) {
        return new AffineMap(1, 0, -right, 0, 1, -down);
    }

    /** Slants upright lines, about the upper left corner of the picture, as torchvision's ShearX. */
    static AffineMap shearX(double slope) {
        return new AffineMap(1, slope, slope / 2, 0, 1, 0);
    }

    /** Slants level lines, about the upper left corner of the picture, as torchvision's ShearY. */
    static AffineMap shearY(double slope) {
        return new AffineMap(1, 0, 0, slope, 1, slope / 2);
    }
}
