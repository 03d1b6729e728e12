package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the part of a file that is the network, where its names have something before them: {@code module.} of parallel
 * training, {@code backbone.} or {@code model.} of a larger network, several of these. It is the prefix without which most
 * names are those of the network, if these are at least half of what the network needs and more than without it. What
 * does not begin with it (another head, an optimizer) is no part of the network and is left out. Strictness is the load's:
 * whatever is after the prefix must fit.
 *
 * @param needed the names of the weights that the network needs
 * @param translation from the file's names to those of the network
 */
record NamePrefix(Set<String> needed, UnaryOperator<WeightFile> translation) {
    /** What torch puts between names where it compiles or shards a part of a network. */
    private static final Pattern WRAPPER =
            Pattern.compile("(?<=^|\\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\\.");

    private static final int DEEPEST = 8;
    private static final int LISTED = 5;

    /** Of two that fit alike the first of these counts. */
    private static final List<List<String>> PREFERRED =
            List.of(List.of("teacher", "student"), List.of("model", "model_ema"), List.of("model", "ema"));

    private record Found(String prefix, WeightFile translated, int fitting) {}

    /**
     * The network's weights by its names.
     *
     * @throws GraftException if several prefixes fit alike, or two weights get one name
     */
    WeightFile apply(WeightFile read) {
        WeightFile file = withoutWrappers(read);
        Found plain = find(file, "");
        int best = plain.fitting;
        List<Found> found = new ArrayList<>();
        if (best == needed.size()) {
            return plain.translated;
        }
        for (String prefix : prefixes(file)) {
            Found one = find(file, prefix);
            if (one.fitting > best) {
                found.clear();
                best = one.fitting;
            }
            if (one.fitting == best && 2 * best >= needed.size() && best > plain.fitting) {
                found.add(one);
            }
        }
        // Without a prefix once more, for its own message where two weights get one name.
        return found.isEmpty() ? translation.apply(file) : noted(file, chosen(file, found));
    }

    private static WeightFile withoutWrappers(WeightFile file) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors()
                .forEach((name, tensor) ->
                        put(file, tensors, WRAPPER.matcher(name).replaceAll(""), tensor));
        boolean same = tensors.keySet().equals(file.tensors().keySet());
        return same ? file : file.with(tensors).note("read without what torch puts into its names ('_orig_mod.')");
    }

    private static void put(WeightFile file, Map<String, StoredTensor> tensors, String name, StoredTensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new GraftException(file.description() + ": expected one weight '" + name
                    + "', found it with and without what torch.compile puts into names; take one out");
        }
    }

    /** Beginnings of names that enough of them have. */
    private Set<String> prefixes(WeightFile file) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String name : file.tensors().keySet()) {
            int depth = 0;
            for (int i = 0; i < name.length() && depth < DEEPEST; i++) {
                if (name.charAt(i) == '.' || name.charAt(i) == '/') {
                    counts.merge(name.substring(0, i + 1), 1, Integer::sum);
                    depth++;
                }
            }
        }
        // A file of Keras leaves out what another has, so a few names less may do.
        counts.values().removeIf(count -> 3 * count < needed.size());
        return counts.keySet();
    }

    private Found find(WeightFile file, String prefix) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                tensors.put(name.substring(prefix.length()), tensor);
            }
        });
        try {
            WeightFile translated = translation.apply(file.with(tensors));
            return new Found(prefix, translated, fitting(translated));
        } catch (GraftException e) {
            return new Found(prefix, file, 0);
        }
    }

    private int fitting(WeightFile file) {
        return (int) needed.stream().filter(file.tensors()::containsKey).count();
    }

    private Found chosen(WeightFile file, List<Found> found) {
        if (found.size() == 1) {
            return found.get(0);
        }
        for (List<String> pair : PREFERRED) {
            for (Found first : found) {
                boolean preferred = found.stream().allMatch(one -> one == first || isInstead(first, one, pair));
                if (preferred) {
                    return first;
                }
            }
        }
        throw new GraftException(file.description() + ": has the network several times, as "
                + found.stream().map(one -> "'" + one.prefix + "'").collect(Collectors.joining(", "))
                + "; save the one that is meant: {k: v for k, v in state.items() if k.startswith('"
                + found.get(0).prefix + "')}");
    }

    /** Whether two prefixes differ in nothing but that one is of the first of a pair, the other of the second. */
    private static boolean isInstead(Found first, Found second, List<String> pair) {
        List<String> ours = List.of(first.prefix.split("[./]"));
        List<String> others = List.of(second.prefix.split("[./]"));
        return ours.contains(pair.get(0)) && others.contains(pair.get(1)) && !ours.contains(pair.get(1));
    }

    private WeightFile noted(WeightFile file, Found chosen) {
        Set<String> others = new LinkedHashSet<>();
        int count = 0;
        for (String name : file.tensors().keySet()) {
            if (!name.startsWith(chosen.prefix)) {
                others.add(name.split("[./]", 2)[0]);
                count++;
            }
        }
        String rest = count == 0
                ? ""
                : "; " + (count == 1 ? "1 other is left out: " : count + " others are left out: ")
                        + others.stream()
                                .limit(LISTED)
                                .map(name -> "'" + name + "'")
                                .collect(Collectors.joining(", "))
                        + (others.size() > LISTED ? " and more" : "");
        return chosen.translated.note("the network's names stand after '" + chosen.prefix + "' in it" + rest);
    }
}
