package dev.graft.data;

import dev.graft.FileBlocks;
import dev.graft.Seeds;
import java.util.SplittableRandom;

/**
 * One of the ways a picture is looked at. View 0 is the plain one; the others are random, but always the same for the
 * same seed, number and bytes of the picture, whatever thread reads it and whenever.
 *
 * @param number 0 for the plain view
 * @param seed of the run
 */
public record View(int number, long seed) {
    private static final View PLAIN = new View(0, 0);

    public View {
        if (number < 0) {
            throw new IllegalArgumentException("view " + number + " is negative");
        }
    }

    /** The picture as it is predicted on. */
    public static View plain() {
        return PLAIN;
    }

    public boolean isPlain() {
        return number == 0;
    }

    /** The random numbers of this view of a picture. */
    SplittableRandom random(byte[] file) {
        long key = (long) FileBlocks.crc32c(file) << 32 ^ file.length;
        return new SplittableRandom(Seeds.mix(Seeds.mix(seed + number) ^ key));
    }
}
