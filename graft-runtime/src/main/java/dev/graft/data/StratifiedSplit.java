package dev.graft.data;

import dev.graft.FileBlocks;
import dev.graft.Seeds;
import dev.graft.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Cuts examples into parts with as many of each class as are wanted, keeping groups whole. A class is shuffled by a
 * generator made of the seed and its own name, so that another class that comes or goes changes nothing for it, unless a
 * group has examples of both. Groups are taken in that order as long as they fit, and then the smallest, if a class would
 * else have nothing. For one cut.
 */
public final class StratifiedSplit {
    private final List<String> classes;
    private final int[] labels;
    private final List<Unit> units = new ArrayList<>();
    private final List<List<Integer>> ofClass = new ArrayList<>();
    /** How many examples of each class no part has taken yet. */
    private final int[] left;
    /** How many of each class are to stay when all parts have taken theirs. */
    private final int[] rest;

    /** Examples that stay together. */
    private static final class Unit {
        final Map<Integer, Integer> counts = new HashMap<>(1);
        final List<Integer> members = new ArrayList<>(1);
        boolean taken;

        int count(int label) {
            return counts.getOrDefault(label, 0);
        }
    }

    private StratifiedSplit(List<String> classes, int[] labels, int[] groups) {
        this.classes = classes;
        this.labels = labels;
        this.left = new int[classes.size()];
        classes.forEach(name -> ofClass.add(new ArrayList<>()));
        Map<Integer, Unit> byGroup = new HashMap<>();
        for (int i = 0; i < labels.length; i++) {
            Unit unit = byGroup.computeIfAbsent(groups[i], group -> new Unit());
            unit.members.add(i);
            unit.counts.merge(labels[i], 1, Integer::sum);
            units.add(unit);
            ofClass.get(labels[i]).add(i);
            left[labels[i]]++;
        }
        this.rest = left.clone();
    }

    /**
     * Prepares a cut.
     *
     * @param classes their names
     * @param labels the class of each example, an index into the names
     * @param groups those with the same number stay in one part
     */
    public static StratifiedSplit of(List<String> classes, int[] labels, int[] groups) {
        return new StratifiedSplit(List.copyOf(classes), labels.clone(), groups);
    }

    /**
     * The indices of the examples of each part, rising: first of what is left, which always keeps something of a class of
     * which not all is wanted, then of the parts in their order. A part has fewer of a class where its groups do not fit,
     * and more where the smallest of them is larger than all that is wanted.
     *
     * @param wanted for each part but the rest how many of each class
     */
    public List<int[]> cut(List<int[]> wanted, long seed) {
        wanted.forEach(part -> IntStream.range(0, rest.length).forEach(label -> rest[label] -= part[label]));
        List<int[]> parts = new ArrayList<>();
        wanted.forEach(part -> parts.add(
                take(part, seed).stream().mapToInt(Integer::intValue).sorted().toArray()));
        parts.add(
                0,
                IntStream.range(0, labels.length)
                        .filter(i -> !units.get(i).taken)
                        .toArray());
        return parts;
    }

    /** Takes groups out of what is left until every class has as many examples as wanted, or nearly. */
    private List<Integer> take(int[] wanted, long seed) {
        int[] taken = new int[wanted.length];
        List<Integer> part = new ArrayList<>();
        for (int label = 0; label < wanted.length; label++) {
            if (wanted[label] == 0) {
                continue;
            }
            Set<Unit> here = shuffled(label, seed);
            for (Unit unit : here) {
                if (taken[label] < wanted[label] && isFree(unit) && fits(unit, taken, wanted)) {
                    move(unit, taken, part);
                }
            }
            if (taken[label] == 0) {
                smallest(here, label).ifPresent(unit -> move(unit, taken, part));
            }
        }
        return part;
    }

    private Optional<Unit> smallest(Set<Unit> here, int label) {
        return here.stream().filter(this::isFree).min(Comparator.comparingInt(unit -> unit.count(label)));
    }

    /** Whether a group is still there, and something of each of its classes is left without it where any is to stay. */
    private boolean isFree(Unit unit) {
        return !unit.taken
                && unit.counts.entrySet().stream()
                        .allMatch(entry -> rest[entry.getKey()] == 0 || entry.getValue() < left[entry.getKey()]);
    }

    private static boolean fits(Unit unit, int[] taken, int[] wanted) {
        return unit.counts.entrySet().stream()
                .allMatch(entry -> taken[entry.getKey()] + entry.getValue() <= wanted[entry.getKey()]);
    }

    private void move(Unit unit, int[] taken, List<Integer> part) {
        unit.taken = true;
        part.addAll(unit.members);
        unit.counts.forEach((label, count) -> {
            taken[label] += count;
            left[label] -= count;
        });
    }

    /** The groups of a class in the order in which they are taken. */
    private Set<Unit> shuffled(int label, long seed) {
        byte[] name = Spelling.nfc(classes.get(label)).getBytes(StandardCharsets.UTF_8);
        long key = Integer.toUnsignedLong(FileBlocks.crc32c(name));
        List<Integer> examples = ofClass.get(label);
        Set<Unit> order = new LinkedHashSet<>();
        for (int i : Seeds.order(examples.size(), new SplittableRandom(Seeds.mix(Seeds.mix(seed) ^ key)))) {
            order.add(units.get(examples.get(i)));
        }
        return order;
    }
}
