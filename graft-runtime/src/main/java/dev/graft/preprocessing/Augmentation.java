package dev.graft.preprocessing;

import dev.graft.GraftException;
import dev.graft.data.CropBox;
import dev.graft.data.RandomViews;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How training pictures are changed at random: layers that act one after the other. A {@link RandomResizedCrop} at the head
 * is carried out while a picture's file is decoded, of which only what it shows is then resized; all others work on the
 * square that the network takes. {@code model.AugmentationFile} reads one from a file.
 *
 * @param transforms from the first to the last; none for pictures that stay as they are
 */
public record Augmentation(List<RandomTransform> transforms) implements RandomViews {
    private static final double SMALLEST = 0.5;
    private static final double JITTER = 0.2;

    public Augmentation {
        transforms = List.copyOf(transforms);
    }

    public static Augmentation of(List<RandomTransform> transforms) {
        return new Augmentation(transforms);
    }

    public static Augmentation of(RandomTransform... transforms) {
        return new Augmentation(List.of(transforms));
    }

    /** Pictures stay as they are. */
    public static Augmentation none() {
        return of();
    }

    /** Crops of half to all of the picture, flips, colours changed by up to a fifth. */
    public static Augmentation standard() {
        return of(RandomResizedCrop.of(SMALLEST), RandomFlip.horizontal(), ColorJitter.of(JITTER));
    }

    /** The standard crops and flips, then {@link TrivialAugment}. */
    public static Augmentation trivial() {
        return of(RandomResizedCrop.of(SMALLEST), RandomFlip.horizontal(), TrivialAugment.of());
    }

    /** The standard crops and flips, then {@link RandAugment}. */
    public static Augmentation rand() {
        return of(RandomResizedCrop.of(SMALLEST), RandomFlip.horizontal(), RandAugment.of());
    }

    /** What caches know it by: the same for two that change pictures alike. */
    public String key() {
        return transforms.toString();
    }

    /**
     * One picture {@code [C, H, W]} changed by all layers.
     *
     * @throws GraftException if it is no picture that they can take
     */
    public HostTensor apply(HostTensor picture, SplittableRandom random) {
        HostTensor changed = picture;
        for (RandomTransform transform : transforms) {
            changed = transform.apply(changed, random);
        }
        return changed;
    }

    @Override
    public void requireSize(int size) {
        Shape square = Shape.batchOf(3, size, size);
        Shape shape = square;
        for (RandomTransform transform : transforms) {
            shape = transform.outputShape(List.of(shape));
            if (!shape.equals(square)) {
                throw new GraftException("augmentation: " + transform.typeName() + " gives pictures of " + shape
                        + ", expected " + square + "; leave it out, or let it keep the size");
            }
        }
    }

    private Optional<RandomResizedCrop> head() {
        return transforms.isEmpty() || !(transforms.get(0) instanceof RandomResizedCrop crop)
                ? Optional.empty()
                : Optional.of(crop);
    }

    @Override
    public Optional<CropBox> crop(int width, int height, SplittableRandom random) {
        return head().flatMap(crop -> crop.box(width, height, Pictures.random(crop, random)));
    }

    @Override
    public FloatBuffer change(float[] pixels, int size, SplittableRandom random) {
        HostTensor square = HostTensor.of(Shape.of(3, size, size), pixels);
        for (RandomTransform transform : transforms.subList(head().isPresent() ? 1 : 0, transforms.size())) {
            square = transform.transformOwn(square, Pictures.random(transform, random));
        }
        return square.values();
    }
}
