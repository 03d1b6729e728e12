package dev.graft.data;

import java.util.SplittableRandom;
import java.util.zip.CRC32C;

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
        CRC32C content = new CRC32C();
        content.update(file);
        long key = content.getValue() << 32 ^ file.length;
        return new SplittableRandom(mix(mix(seed + number) ^ key));
    }

    /** Spreads neighbouring numbers apart: the finaliser of MurmurHash3. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 33) * 0xFF51AFD7ED558CCDL;
        z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
        return z ^ z >>> 33;
    }
}
