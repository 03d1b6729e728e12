package dev.graft.preprocessing;

import dev.graft.layers.Inputs;
import dev.graft.layers.ShapeException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * One operation of fourteen at a random strength for each picture: TrivialAugment Wide (Müller and Hutter, <a
 * href="https://arxiv.org/abs/2103.10158">arXiv 2103.10158</a>), as torchvision's {@code TrivialAugmentWide} on
 * {@code uint8} tensors. Pictures have 1 or 3 channels and come out as whole grey levels. Shape kept.
 *
 * @param bins how many strengths there are
 * @param sampling how pictures are slanted, moved and turned
 * @param valueRange what pixels may be
 */
public record TrivialAugment(int bins, Sampling sampling, Range valueRange, long seed) implements RandomTransform {
    /** torchvision's default: the nearest pixel, black beyond the edge. */
    static final Sampling NEAREST_ON_BLACK = Sampling.constant(0).interpolation(Interpolation.NEAREST);

    private static final int BINS = 31;

    public TrivialAugment {
        if (bins < 2) {
            throw new IllegalArgumentException("TrivialAugment: expected at least 2 bins, got " + bins);
        }
        Objects.requireNonNull(sampling, "sampling");
        valueRange.requireWide("TrivialAugment: value range");
    }

    /** Pixels 0..255, 31 bins, the nearest pixel, black beyond the edge: torchvision's defaults. */
    public static TrivialAugment of() {
        return new TrivialAugment(BINS, NEAREST_ON_BLACK, Range.PIXELS, 0);
    }

    public TrivialAugment bins(int number) {
        return new TrivialAugment(number, sampling, valueRange, seed);
    }

    /** The fill value is a grey level, 0..255, whatever the value range. */
    public TrivialAugment sampling(Sampling how) {
        return new TrivialAugment(bins, how, valueRange, seed);
    }

    public TrivialAugment valueRange(Range values) {
        return new TrivialAugment(bins, sampling, values, seed);
    }

    public TrivialAugment seed(long number) {
        return new TrivialAugment(bins, sampling, valueRange, number);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return greyOrColoured(inputs);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes levels = GreyLevels.from(Planes.of(picture), valueRange);
        AugmentOperation operation = draw(random);
        double magnitude = Magnitudes.wide().at(operation, random.nextInt(bins), bins);
        boolean negative = operation.signed && random.nextBoolean();
        Planes changed = operation.apply(levels, negative ? -magnitude : magnitude, sampling);
        return GreyLevels.to(changed, valueRange).toHost();
    }

    static AugmentOperation draw(SplittableRandom random) {
        AugmentOperation[] all = AugmentOperation.values();
        return all[random.nextInt(all.length)];
    }

    /** The only input, pictures of 1 or 3 channels: the operations on colours know no others. */
    static Shape greyOrColoured(List<Shape> inputs) {
        Shape input = Inputs.picture(inputs);
        if (input.size(1) != 1 && input.size(1) != 3) {
            throw new ShapeException("1 or 3 channels", inputs, "put it where the pictures come in");
        }
        return input;
    }
}
