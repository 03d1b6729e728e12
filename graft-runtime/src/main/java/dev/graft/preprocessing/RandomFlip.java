package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.Objects;
import java.util.SplittableRandom;

/** Exchanges left and right, or top and bottom, of every second picture. Shape kept. */
public record RandomFlip(Mode mode, long seed) implements RandomTransform {
    /** Which sides are exchanged. */
    public enum Mode {
        /** Left and right. */
        HORIZONTAL,
        /** Top and bottom. */
        VERTICAL,
        /** Both, each for itself, so that a picture comes in four ways. (Keras 3 turns both or none.) */
        HORIZONTAL_AND_VERTICAL
    }

    public RandomFlip {
        Objects.requireNonNull(mode, "mode");
    }

    public static RandomFlip of(Mode mode) {
        return new RandomFlip(mode, 0);
    }

    public static RandomFlip horizontal() {
        return of(Mode.HORIZONTAL);
    }

    public RandomFlip seed(long number) {
        return new RandomFlip(mode, number);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        return transformOwn(Planes.of(picture).toHost(), random);
    }

    @Override
    public HostTensor transformOwn(HostTensor picture, SplittableRandom random) {
        boolean mirror = mode != Mode.VERTICAL && random.nextBoolean();
        boolean turnOver = mode != Mode.HORIZONTAL && random.nextBoolean();
        Planes planes = Planes.own(picture);
        if (mirror) {
            planes.mirror();
        }
        return (turnOver ? planes.upsideDown() : planes).toHost();
    }
}
