package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Several operations of fourteen, at one strength, after each other: RandAugment (Cubuk et al., <a
 * href="https://arxiv.org/abs/1909.13719">arXiv 1909.13719</a>), as torchvision's on {@code uint8} tensors. Pictures have
 * 1 or 3 channels and come out as whole grey levels. Shape kept.
 *
 * @param operations how many, drawn for each picture
 * @param magnitude the strength, 0 to 30
 * @param sampling how pictures are slanted, moved and turned
 * @param valueRange what pixels may be
 */
public record RandAugment(int operations, int magnitude, Sampling sampling, Range valueRange, long seed)
        implements RandomTransform {
    private static final int BINS = 31;

    public RandAugment {
        if (operations < 0 || magnitude < 0 || magnitude >= BINS) {
            throw new IllegalArgumentException(
                    "RandAugment: expected no fewer than 0 operations and a magnitude of 0 to " + (BINS - 1) + ", got "
                            + operations + " and " + magnitude);
        }
        Objects.requireNonNull(sampling, "sampling");
        valueRange.requireWide("RandAugment: value range");
    }

    /** Two operations at magnitude 9: torchvision's defaults. */
    public static RandAugment of() {
        return of(2, 9);
    }

    /** Pixels 0..255, the nearest pixel, black beyond the edge. */
    public static RandAugment of(int operations, int magnitude) {
        return new RandAugment(operations, magnitude, TrivialAugment.NEAREST_ON_BLACK, Range.PIXELS, 0);
    }

    /** The fill value is a grey level, 0..255, whatever the value range. */
    public RandAugment sampling(Sampling how) {
        return new RandAugment(operations, magnitude, how, valueRange, seed);
    }

    public RandAugment valueRange(Range values) {
        return new RandAugment(operations, magnitude, sampling, values, seed);
    }

    public RandAugment seed(long number) {
        return new RandAugment(operations, magnitude, sampling, valueRange, number);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return TrivialAugment.greyOrColoured(inputs);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes levels = GreyLevels.from(Planes.of(picture), valueRange);
        Magnitudes magnitudes = Magnitudes.ofRandAugment(levels);
        for (int i = 0; i < operations; i++) {
            AugmentOperation operation = TrivialAugment.draw(random);
            double strength = magnitudes.at(operation, magnitude, BINS);
            boolean negative = operation.signed && random.nextBoolean();
            levels = operation.apply(levels, negative ? -strength : strength, sampling);
        }
        return GreyLevels.to(levels, valueRange).toHost();
    }
}
