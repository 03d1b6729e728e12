package dev.graft;

import java.util.SplittableRandom;

/** Random numbers that depend on the given keys alone: not on threads, not on what was drawn before. */
public final class Seeds {
    private Seeds() {}

    public static SplittableRandom random(long... keys) {
        long state = 0;
        for (long key : keys) {
            state = mix(state + key);
        }
        return new SplittableRandom(state);
    }

    /** The numbers below {@code count} in random order: Fisher and Yates' shuffle, so that no library can change it. */
    public static int[] order(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** Spreads neighbouring numbers apart: the finaliser of MurmurHash3. */
    public static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 33) * 0xFF51AFD7ED558CCDL;
        z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
        return z ^ z >>> 33;
    }
}
