package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes brightness, then contrast, then saturation of each picture by a factor each, in the way of torchvision's {@code
 * ColorJitter}: blended with black, with the mean grey, with each pixel's own grey, and clipped to the value range. Pictures
 * have 1 or 3 channels. Shape kept.
 *
 * @param brightness the factor is drawn from it: 0 gives black, 1 the picture
 * @param contrast 0 gives the mean grey, 1 the picture
 * @param saturation 0 gives a grey picture, 1 the picture
 * @param valueRange what pixels may be
 */
public record ColorJitter(Range brightness, Range contrast, Range saturation, Range valueRange, long seed)
        implements RandomTransform {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    public ColorJitter {
        brightness.requireWithin("ColorJitter: brightness", 0, Double.MAX_VALUE);
        contrast.requireWithin("ColorJitter: contrast", 0, Double.MAX_VALUE);
        saturation.requireWithin("ColorJitter: saturation", 0, Double.MAX_VALUE);
        valueRange.requireWide("ColorJitter: value range");
    }

    /** Pixels 0..255; all three factors from {@code 1 - change} to {@code 1 + change}. */
    public static ColorJitter of(double change) {
        return of(change, change, change);
    }

    /** Pixels 0..255; each factor from {@code 1 - change} to {@code 1 + change}, as torchvision's numbers. */
    public static ColorJitter of(double brightness, double contrast, double saturation) {
        return new ColorJitter(around(brightness), around(contrast), around(saturation), Range.PIXELS, 0);
    }

    private static Range around(double change) {
        return Range.of(1 - change, 1 + change);
    }

    public ColorJitter valueRange(Range values) {
        return new ColorJitter(brightness, contrast, saturation, values, seed);
    }

    public ColorJitter seed(long number) {
        return new ColorJitter(brightness, contrast, saturation, valueRange, number);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return TrivialAugment.greyOrColoured(inputs);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        return transformOwn(Planes.of(picture).toHost(), random);
    }

    @Override
    public HostTensor transformOwn(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.own(picture);
        float bright = (float) brightness.draw(random);
        float strong = (float) contrast.draw(random);
        float colourful = (float) saturation.draw(random);
        blend(planes, strong, colourful, brightened(planes, bright));
        return planes.toHost();
    }

    /** Blends with black; gives the mean grey of the result. */
    private float brightened(Planes planes, float factor) {
        float[] values = planes.values();
        float black = (float) valueRange.lower();
        float white = (float) valueRange.upper();
        double sum = 0;
        for (int i = 0; i < planes.pixels(); i++) {
            for (int at = i; at < values.length; at += planes.pixels()) {
                values[at] = clip((values[at] - black) * factor + black, black, white);
            }
            sum += grey(planes, i);
        }
        return (float) (sum / planes.pixels());
    }

    /** Blends with the mean grey, then each pixel with its own. */
    private void blend(Planes planes, float strong, float colourful, float mean) {
        float[] values = planes.values();
        float black = (float) valueRange.lower();
        float white = (float) valueRange.upper();
        float middle = mean * (1 - strong);
        for (int i = 0; i < planes.pixels(); i++) {
            for (int at = i; at < values.length; at += planes.pixels()) {
                values[at] = clip(values[at] * strong + middle, black, white);
            }
            float own = grey(planes, i) * (1 - colourful);
            for (int at = i; at < values.length; at += planes.pixels()) {
                values[at] = clip(values[at] * colourful + own, black, white);
            }
        }
    }

    private static float clip(float value, float black, float white) {
        return Math.max(black, Math.min(white, value));
    }

    private static float grey(Planes planes, int pixel) {
        float[] values = planes.values();
        return planes.channels() == 1
                ? values[pixel]
                : RED * values[pixel]
                        + GREEN * values[pixel + planes.pixels()]
                        + BLUE * values[pixel + 2 * planes.pixels()];
    }
}
