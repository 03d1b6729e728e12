package dev.graft.transfer.features;

import dev.graft.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * In which order examples come, and how many at a time.
 *
 * @param shuffled whether each epoch has a new order, drawn from the seed and the epoch alone
 * @param labels the class of each example where all classes are to come equally often, else empty
 * @param inCompany whether no batch may have one example alone: one that would be left for the last batch is left out, in
 *     each shuffled epoch another
 */
public record EpochOrder(int batchSize, boolean shuffled, long seed, List<Integer> labels, boolean inCompany) {
    public EpochOrder {
        labels = List.copyOf(labels);
    }

    public static EpochOrder shuffled(int batchSize, long seed) {
        return new EpochOrder(batchSize, true, seed, List.of(), false);
    }

    public static EpochOrder plain(int batchSize) {
        return new EpochOrder(batchSize, false, 0, List.of(), false);
    }

    /**
     * An epoch of as many examples as there are, in which all classes come equally often, but for one example: those of
     * rare classes several times, of frequent ones each epoch others.
     */
    public EpochOrder balanced(List<Integer> classes) {
        return new EpochOrder(batchSize, shuffled, seed, classes, inCompany);
    }

    /** The same without a batch of one example. */
    public EpochOrder inCompany(boolean asked) {
        return new EpochOrder(batchSize, shuffled, seed, labels, asked);
    }

    /** How many of the examples come in an epoch. */
    public int size(int examples) {
        return inCompany && examples % batchSize == 1 ? examples - 1 : examples;
    }

    int count(int examples) {
        return (int) (((long) size(examples) + batchSize - 1) / batchSize);
    }

    /** The indices of the examples in the order of that epoch. */
    public int[] of(int examples, int epoch) {
        return Arrays.copyOf(ofAll(examples, epoch), size(examples));
    }

    private int[] ofAll(int examples, int epoch) {
        if (!shuffled) {
            return IntStream.range(0, examples).toArray();
        }
        int[] order = Seeds.order(examples, new SplittableRandom(seed * 1_000_003 + epoch));
        if (labels.isEmpty()) {
            return order;
        }
        int[] drawn = drawn(epoch);
        return IntStream.of(order).map(position -> drawn[position]).toArray();
    }

    /** As many of each class, in the order of the classes; which classes have one more changes with the epoch. */
    private int[] drawn(int epoch) {
        TreeMap<Integer, List<Integer>> members = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            members.computeIfAbsent(labels.get(i), label -> new ArrayList<>()).add(i);
        }
        int[] drawn = new int[labels.size()];
        int at = 0;
        int place = 0;
        for (var entry : members.entrySet()) {
            List<Integer> own = entry.getValue();
            boolean more = (place++ + epoch) % members.size() < drawn.length % members.size();
            int end = at + drawn.length / members.size() + (more ? 1 : 0);
            for (int round = 0; at < end; round++) {
                SplittableRandom random = Seeds.random(seed, epoch, entry.getKey(), round);
                for (int index : Seeds.order(own.size(), random)) {
                    if (at < end) {
                        drawn[at++] = own.get(index);
                    }
                }
            }
        }
        return drawn;
    }
}
