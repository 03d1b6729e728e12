package dev.graft.data;

import java.util.SplittableRandom;

/**
 * Changes brightness, contrast and saturation of a square of pixels 0 to 255, channels first, by random factors, in
 * the way of torchvision's ColorJitter: blended with black, with the mean grey, with each pixel's grey.
 */
record ColorJitter(float brightness, float contrast, float saturation) {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    static ColorJitter random(Augment augment, SplittableRandom random) {
        return new ColorJitter(factor(augment, random), factor(augment, random), factor(augment, random));
    }

    private static float factor(Augment augment, SplittableRandom random) {
        return (float) (1 + augment.jitter() * (2 * random.nextDouble() - 1));
    }

    void apply(float[] pixels) {
        int plane = pixels.length / 3;
        double sum = 0;
        for (int i = 0; i < plane; i++) {
            for (int at = i; at < pixels.length; at += plane) {
                pixels[at] = clamp(pixels[at] * brightness);
            }
            sum += grey(pixels, i, plane);
        }
        float middle = (float) (sum / plane) * (1 - contrast);
        for (int i = 0; i < plane; i++) {
            for (int at = i; at < pixels.length; at += plane) {
                pixels[at] = clamp(pixels[at] * contrast + middle);
            }
            float grey = grey(pixels, i, plane) * (1 - saturation);
            for (int at = i; at < pixels.length; at += plane) {
                pixels[at] = clamp(pixels[at] * saturation + grey);
            }
        }
    }

    private static float grey(float[] pixels, int at, int plane) {
        return RED * pixels[at] + GREEN * pixels[at + plane] + BLUE * pixels[at + 2 * plane];
    }

    private static float clamp(float level) {
        return Math.max(0, Math.min(255, level));
    }
}
