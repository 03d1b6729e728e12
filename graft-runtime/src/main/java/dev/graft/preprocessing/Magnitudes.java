package dev.graft.preprocessing;

/**
 * How strong each operation is at most; a bin of several takes its share of that. In float32, as torchvision's tables.
 *
 * @param shear slope
 * @param across pixels
 * @param down pixels
 * @param degrees of rotation
 * @param blend of brightness, color, contrast and sharpness, away from 1
 * @param bits that posterizing takes away
 */
record Magnitudes(double shear, double across, double down, double degrees, double blend, int bits) {
    /** TrivialAugment's "wide" ones. */
    static Magnitudes wide() {
        return new Magnitudes(0.99, 32, 32, 135, 0.99, 6);
    }

    /** RandAugment's, whose translation goes with the size of the picture. */
    static Magnitudes ofRandAugment(Planes picture) {
        double share = 150.0 / 331.0;
        return new Magnitudes(0.3, share * picture.width(), share * picture.height(), 30, 0.9, 4);
    }

    /** The magnitude of an operation at a bin. */
    double at(AugmentOperation operation, int bin, int bins) {
        return switch (operation) {
            case IDENTITY, AUTO_CONTRAST, EQUALIZE -> 0;
            case SHEAR_X, SHEAR_Y -> between(0, shear, bin, bins);
            case TRANSLATE_X -> between(0, across, bin, bins);
            case TRANSLATE_Y -> between(0, down, bin, bins);
            case ROTATE -> between(0, degrees, bin, bins);
            case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> between(0, blend, bin, bins);
            case POSTERIZE -> 8 - Math.rint(bin / (float) ((bins - 1) / (double) bits));
            case SOLARIZE -> between(255, 0, bin, bins);
        };
    }

    /** torch.linspace: counted from the nearer end. */
    private static float between(double start, double end, int bin, int bins) {
        float step = ((float) end - (float) start) / (bins - 1);
        return bin < bins / 2 ? (float) start + step * bin : (float) end - step * (bins - 1 - bin);
    }
}
