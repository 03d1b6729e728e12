package dev.graft.train;

import dev.graft.Glob;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.model.Network;
import dev.graft.model.Program;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rates that fall towards the input: the optimizer's for the last group, times {@code factor} for each group before it.
 * Layers near the input know what all pictures have in common and need to move least (Howard and Ruder 2018 divide by 2.6;
 * BEiT, Bao et al. 2022, takes 0.65 to 0.9 a block).
 *
 * @param factor above 0 to 1
 * @param groups from the input to the output, each the names of weights, layers or nested models, as in {@link
 *     ParameterGroup#glob}; of several groups that cover a weight the first counts. None: all have the optimizer's rate
 */
public record LayerDecay(double factor, List<List<String>> groups) {
    public LayerDecay {
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("a layer decay is above 0 and at most 1, got " + factor);
        }
        groups = groups.stream().map(List::copyOf).toList();
    }

    /** All weights at the optimizer's rate. */
    static LayerDecay none() {
        return new LayerDecay(1, List.of());
    }

    /** Over groups that are named in full. */
    public static LayerDecay of(double factor, List<List<String>> groups) {
        if (groups.isEmpty() || groups.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a layer decay needs at least one group, and a name in each");
        }
        return new LayerDecay(factor, groups);
    }

    /**
     * Over groups that each begin at a layer and end where the next one begins, in the order of computation. What comes
     * before the first belongs to it.
     *
     * @param firstLayers paths of layers, or of what their paths begin with up to a dot, from the input to the output:
     *     {@code backbone.conv1}, {@code backbone.layer1}, ..., {@code head}
     * @throws GraftException if there is no such layer, or they are in another order; suggests the nearest
     */
    public static LayerDecay from(double factor, Network network, List<String> firstLayers) {
        List<Program.Step> steps = network.program().steps();
        List<Integer> starts = new ArrayList<>();
        for (String first : firstLayers) {
            int start = start(network, first);
            if (!starts.isEmpty() && start <= starts.get(starts.size() - 1)) {
                throw new GraftException("layer decay: '" + first + "' does not come after '"
                        + firstLayers.get(starts.size() - 1) + "'; name first layers from the input to the output");
            }
            starts.add(start);
        }
        List<Set<String>> names = new ArrayList<>();
        firstLayers.forEach(first -> names.add(new LinkedHashSet<>()));
        int group = 0;
        for (int at = 0; at < steps.size() && !names.isEmpty(); at++) {
            group += group + 1 < starts.size() && starts.get(group + 1) == at ? 1 : 0;
            Program.Step step = steps.get(at);
            Set<String> into = names.get(group);
            step.weights().forEach(spec -> into.add(step.weightName(spec)));
        }
        return of(factor, names.stream().map(List::copyOf).toList());
    }

    private static int start(Network network, String first) {
        List<Program.Step> steps = network.program().steps();
        for (int at = 0; at < steps.size(); at++) {
            String path = steps.get(at).path();
            if (path.equals(first) || path.startsWith(first + ".")) {
                return at;
            }
        }
        List<String> paths = steps.stream().map(Program.Step::path).toList();
        throw new GraftException("layer decay: network '" + network.model().name() + "' has no layer '" + first + "'"
                + Nearest.hint(first, paths));
    }

    /** What rate a weight has, with its patterns made ready once. */
    final class Rates {
        private final double highest;
        private final List<Predicate<String>> covers = new ArrayList<>();

        private Rates(double highest) {
            this.highest = highest;
            for (List<String> names : groups) {
                covers.add(names.stream()
                        .map(name -> Glob.of(name).or(Glob.of(name + ".*")))
                        .reduce(Predicate::or)
                        .orElseThrow());
            }
        }

        /** The rate of a weight by its full name. */
        double of(String weight) {
            if (covers.isEmpty()) {
                return highest;
            }
            for (int group = 0; group < covers.size(); group++) {
                if (covers.get(group).test(weight)) {
                    return highest * Math.pow(factor, covers.size() - 1.0 - group);
                }
            }
            throw new GraftException("layer decay: weight '" + weight + "' trains and is in none of its "
                    + covers.size() + " groups; name it in one, or give '*' as the last for all others");
        }
    }

    Rates rates(double highest) {
        return new Rates(highest);
    }
}
