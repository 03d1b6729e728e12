package dev.graft.preprocessing;

/** What {@link TrivialAugment} and {@link RandAugment} do to a picture of whole grey levels, in torchvision's order. */
enum AugmentOperation {
    IDENTITY(false),
    SHEAR_X(true),
    SHEAR_Y(true),
    TRANSLATE_X(true),
    TRANSLATE_Y(true),
    ROTATE(true),
    BRIGHTNESS(true),
    COLOR(true),
    CONTRAST(true),
    SHARPNESS(true),
    POSTERIZE(false),
    SOLARIZE(false),
    AUTO_CONTRAST(false),
    EQUALIZE(false);

    /** Whether the magnitude is turned round every second time. */
    final boolean signed;

    AugmentOperation(boolean signed) {
        this.signed = signed;
    }

    /**
     * The picture changed.
     *
     * @param magnitude a slope, pixels, degrees, a share, bits or a grey level
     */
    Planes apply(Planes levels, double magnitude, Sampling sampling) {
        return switch (this) {
            case IDENTITY -> levels;
            case SHEAR_X -> sample(levels, AffineMap.shearX(magnitude), sampling);
            case SHEAR_Y -> sample(levels, AffineMap.shearY(magnitude), sampling);
            case TRANSLATE_X -> sample(levels, AffineMap.translation(0, (int) magnitude), sampling);
            case TRANSLATE_Y -> sample(levels, AffineMap.translation((int) magnitude, 0), sampling);
            case ROTATE -> sample(levels, AffineMap.rotation(Math.toRadians(magnitude), levels), sampling);
            case BRIGHTNESS -> GreyLevels.brightness(levels, 1 + magnitude);
            case COLOR -> GreyLevels.colour(levels, 1 + magnitude);
            case CONTRAST -> GreyLevels.contrast(levels, 1 + magnitude);
            case SHARPNESS -> GreyLevels.sharpness(levels, 1 + magnitude);
            case POSTERIZE -> GreyLevels.posterize(levels, (int) magnitude);
            case SOLARIZE -> GreyLevels.solarize(levels, magnitude);
            case AUTO_CONTRAST -> GreyLevels.autoContrast(levels);
            case EQUALIZE -> GreyLevels.equalize(levels);
        };
    }

    private static Planes sample(Planes levels, AffineMap map, Sampling sampling) {
        return GreyLevels.rounded(AffineSampler.sample(levels, map, sampling));
    }
}
