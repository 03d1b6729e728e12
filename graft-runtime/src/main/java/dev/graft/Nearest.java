package dev.graft;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The known name a user probably meant. Names are compared without case by the number of letters to insert, delete,
 * replace or swap with a neighbour (optimal string alignment distance).
 */
public final class Nearest {
    /** Longer names are not compared: the time of one comparison is the product of the lengths. */
    private static final int LONGEST = 256;

    private static final int SHORTEST_PREFIX = 3;

    private Nearest() {}

    /**
     * The name of {@code known} nearest to {@code wanted}, the first of several; empty when none is near. Near is up to
     * one edit in three letters, or a name that starts with what was written ({@code resnet} for {@code resnet50}).
     */
    public static Optional<String> of(String wanted, Collection<String> known) {
        String from = wanted.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String name : known) {
            String to = name.toLowerCase(Locale.ROOT);
            int longer = Math.max(from.length(), to.length());
            if (longer > LONGEST) {
                continue;
            }
            int allowed = isPrefix(from, to) ? longer : Math.max(1, longer / 3);
            int bound = Math.min(allowed, bestDistance - 1);
            if (longer - Math.min(from.length(), to.length()) <= bound) {
                int distance = distance(from, to);
                if (distance <= bound) {
                    best = name;
                    bestDistance = distance;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code "; did you mean 'name'?"} to end a message with, or nothing when no known name is near. */
    public static String hint(String wanted, Collection<String> known) {
        return of(wanted, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    private static boolean isPrefix(String from, String to) {
        return from.length() >= SHORTEST_PREFIX && to.startsWith(from);
    }

    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replace = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
