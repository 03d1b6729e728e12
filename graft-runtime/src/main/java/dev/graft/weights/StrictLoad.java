package dev.graft.weights;

import dev.graft.Glob;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.SettingName;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a file exactly the weights a model needs. Whatever is missing, left over or of another shape fails the
 * load, all named in one message; what is left out on purpose is said with {@link #dropping}.
 *
 * <pre>{@code
 * var weights = StrictLoad.of(network.weightShapes())
 *         .dropping("classifier.3.*", "*.num_batches_tracked")
 *         .from(WeightFormats.read(path));
 * }</pre>
 */
public final class StrictLoad {
    private static final int LISTED = 10;
    /** Of a file that has none of the weights; more names would not tell more. */
    private static final int LISTED_OF_FOREIGN = 3;

    private static final String REMEDY_ONNX =
            "; exporters to ONNX fold and rename weights: give the file that it was made"
                    + " from, or the file itself as " + SettingName.of("backbone") + " FILE.onnx";

    private final Map<String, Shape> expected;
    private final List<Predicate<String>> dropped;
    private final boolean regardsOnes;

    private StrictLoad(Map<String, Shape> expected, List<Predicate<String>> dropped, boolean regardsOnes) {
        this.expected = expected;
        this.dropped = dropped;
        this.regardsOnes = regardsOnes;
    }

    /** A load of these weights, in this order. */
    public static StrictLoad of(Map<String, Shape> expected) {
        return new StrictLoad(new LinkedHashMap<>(expected), List.of(), true);
    }

    /**
     * The same load, which also leaves out the file's weights of these names. A {@code *} stands for any characters:
     * {@code "classifier.3.*"} is a whole layer, {@code "*.num_batches_tracked"} a weight of every layer.
     *
     * @throws IllegalArgumentException if a weight the model needs would be left out
     */
    public StrictLoad dropping(String... names) {
        List<Predicate<String>> all = Stream.concat(
                        dropped.stream(), Arrays.stream(names).map(Glob::of))
                .toList();
        StrictLoad load = new StrictLoad(expected, all, regardsOnes);
        expected.keySet().stream().filter(load::isDropped).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("weight '" + name + "' is both needed and dropped");
        });
        return load;
    }

    /**
     * The same load, for which a file's {@code [C]} is the model's {@code [C, 1, 1]}: sizes of 1 change neither the numbers
     * nor their order.
     */
    public StrictLoad regardlessOfOnes() {
        return new StrictLoad(expected, dropped, false);
    }

    private boolean isDropped(String name) {
        return dropped.stream().anyMatch(glob -> glob.test(name));
    }

    /**
     * The weights, read from the file, in the order of the model.
     *
     * @throws GraftException if weights are missing, left over or of another shape; it lists them all
     */
    public Map<String, HostTensor> from(WeightFile file) {
        List<String> missing = expected.keySet().stream()
                .filter(name -> !file.tensors().containsKey(name))
                .toList();
        List<String> surplus = file.tensors().keySet().stream()
                .filter(name -> !expected.containsKey(name) && !isDropped(name))
                .toList();
        List<String> misshapen = expected.keySet().stream()
                .filter(name -> hasOtherShape(file.tensors().get(name), name))
                .toList();
        if (!missing.isEmpty() || !surplus.isEmpty() || !misshapen.isEmpty()) {
            throw misfit(file, missing, surplus, misshapen);
        }
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        expected.forEach((name, shape) ->
                weights.put(name, new HostTensor(shape, file.read(name).values())));
        return weights;
    }

    private boolean hasOtherShape(@Nullable StoredTensor stored, String name) {
        return stored != null && !comparable(stored.shape()).equals(comparable(expected.get(name)));
    }

    private Shape comparable(@Nullable Shape shape) {
        int[] sizes = Objects.requireNonNull(shape).sizes();
        return regardsOnes
                ? Shape.of(sizes)
                : Shape.of(Arrays.stream(sizes).filter(size -> size != 1).toArray());
    }

    private GraftException misfit(WeightFile file, List<String> missing, List<String> surplus, List<String> misshapen) {
        Map<String, StoredTensor> stored = file.tensors();
        boolean foreign = missing.size() == expected.size() && !surplus.isEmpty();
        int most = foreign ? LISTED_OF_FOREIGN : LISTED;
        String parts = Stream.of(
                        list(
                                "missing",
                                missing,
                                most,
                                name -> UntrustedText.quote(name) + " " + expected.get(name) + file.instead(name)
                                        + nearest(name, surplus)),
                        list("left over", surplus, most, name -> UntrustedText.quote(name) + " " + shape(stored, name)),
                        list(
                                "of another shape",
                                misshapen,
                                most,
                                name -> UntrustedText.quote(name) + " expected " + expected.get(name) + ", got "
                                        + shape(stored, name)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
        return new GraftException(file.description() + ": the weights do not fit the model: " + parts
                + (file.isOf("onnx")
                        ? REMEDY_ONNX
                        : foreign
                                ? "; no name agrees, so this is the file of another network, or has other names: give the one"
                                        + " made for this model"
                                : "; give the file made for this model, or drop by name what it has too many"));
    }

    private static String list(String kind, List<String> names, int most, Function<String, String> describe) {
        if (names.isEmpty()) {
            return "";
        }
        String listed = names.stream().limit(most).map(describe).collect(Collectors.joining(", "));
        String rest = names.size() > most ? " and " + (names.size() - most) + " more" : "";
        return names.size() + " " + kind + ": " + listed + rest;
    }

    private static String nearest(String name, List<String> surplus) {
        return Nearest.of(name, surplus)
                .map(near -> " (nearest in the file: " + UntrustedText.quote(near) + ")")
                .orElse("");
    }

    private static String shape(Map<String, StoredTensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name)).shape().toString();
    }
}
