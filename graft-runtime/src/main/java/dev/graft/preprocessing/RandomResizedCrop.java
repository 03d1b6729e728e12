package dev.graft.preprocessing;

import dev.graft.data.CropBox;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A random part of each picture, of random area and aspect, brought to the size of the picture (bilinear): torchvision's
 * {@code RandomResizedCrop}. Shape kept. At the head of an {@link Augmentation} it decides which part of a picture's file is
 * decoded.
 *
 * @param area which share of the picture's area is shown, over 0 and at most 1
 * @param aspect width by height of the part, in pixels of the picture; every ratio in between is as likely as its inverse
 */
public record RandomResizedCrop(Range area, Range aspect, long seed) implements RandomTransform {
    private static final int ATTEMPTS = 10;
    private static final double WIDEST = 4.0 / 3;

    public RandomResizedCrop {
        area.requireWithin("RandomResizedCrop: area", 0, 1);
        if (!(area.lower() > 0 && aspect.lower() > 0)) {
            throw new IllegalArgumentException(
                    "RandomResizedCrop: area and aspect are above 0, got " + area.lower() + " and " + aspect.lower());
        }
    }

    /** From so much of the area to all of it, three quarters to four thirds as wide as high. */
    public static RandomResizedCrop of(double smallest) {
        return of(Range.of(smallest, 1));
    }

    /** Three quarters to four thirds as wide as high. */
    public static RandomResizedCrop of(Range area) {
        return new RandomResizedCrop(area, Range.of(1 / WIDEST, WIDEST), 0);
    }

    public RandomResizedCrop aspect(Range widthByHeight) {
        return new RandomResizedCrop(area, widthByHeight, seed);
    }

    public RandomResizedCrop seed(long number) {
        return new RandomResizedCrop(area, aspect, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        return box(planes.width(), planes.height(), random)
                .map(box -> HostResize.resize(planes.crop(box), planes.height(), planes.width(), Interpolation.BILINEAR)
                        .toHost())
                .orElse(picture);
    }

    /** The part of a picture of that size; empty where none of ten that were drawn lies inside. */
    Optional<CropBox> box(int width, int height, SplittableRandom random) {
        for (int i = 0; i < ATTEMPTS; i++) {
            double pixels = area.draw(random) * width * height;
            double ratio = Math.exp(
                    Range.of(Math.log(aspect.lower()), Math.log(aspect.upper())).draw(random));
            long boxWidth = Math.round(Math.sqrt(pixels * ratio));
            long boxHeight = Math.round(Math.sqrt(pixels / ratio));
            if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
                int left = random.nextInt((int) (width - boxWidth + 1));
                int top = random.nextInt((int) (height - boxHeight + 1));
                return Optional.of(new CropBox(top, left, (int) boxHeight, (int) boxWidth));
            }
        }
        return Optional.empty();
    }
}
