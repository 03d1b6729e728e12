package dev.graft.zoo;

import java.util.List;

/**
 * How the pixels of red, green and blue, 0..1, are scaled for a network.
 *
 * @param mean is subtracted
 * @param deviation then divides
 */
record Scaling(List<Double> mean, List<Double> deviation) {
    /** By what the pictures of ImageNet are in the mean. */
    static final Scaling IMAGENET = new Scaling(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /** To -1..1. */
    static final Scaling HALF = both(0.5);

    /** Pixels 0..255 less 128, divided by 128. */
    static final Scaling OF_128 = both(128 / 255.0);

    /** Pixels 0..255 less ImageNet's mean, not divided: Keras' mode 'caffe', with red first as everywhere here. */
    static final Scaling CAFFE =
            new Scaling(List.of(123.68 / 255, 116.779 / 255, 103.939 / 255), List.of(1.0 / 255, 1.0 / 255, 1.0 / 255));

    private static Scaling both(double value) {
        List<Double> colours = List.of(value, value, value);
        return new Scaling(colours, colours);
    }
}
