package dev.graft.model;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A model with its weights and what of it is trainable. Weights are kept in memory of the JVM, so a network needs no
 * closing; a trainer takes copies into libtorch of what it trains and writes them back.
 *
 * <p>{@code trainable} is a property of layers and is set for a layer or, recursively, for everything below a path.
 */
public final class Network {
    private final Model model;
    private final Program program;
    private final Map<String, WeightSpec> specs;
    private final Map<String, HostTensor> weights = new LinkedHashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private long trainableVersion;

    private Network(Model model) {
        this.model = model;
        this.program = Program.of(model);
        this.specs = Collections.unmodifiableMap(program.weights());
    }

    /** A network with fresh weights; the same seed gives the same weights on every platform. */
    public static Network of(Model model, long seed) {
        return of(model, Map.of(), seed);
    }

    /**
     * A network with these weights; those that are not given are fresh.
     *
     * @throws GraftException if a name is unknown or a shape differs
     */
    public static Network of(Model model, Map<String, HostTensor> given, long seed) {
        Network network = new Network(model);
        network.check(given);
        // One generator a weight, by name: adding a layer does not change the others' weights.
        network.specs.forEach((name, spec) -> {
            HostTensor known = given.get(name);
            network.weights.put(
                    name,
                    known != null
                            ? known
                            : spec.init().fill(spec.shape(), new SplittableRandom(seed * 31 + name.hashCode())));
        });
        return network;
    }

    public Model model() {
        return model;
    }

    public Program program() {
        return program;
    }

    /** The shape of every weight by full name, in the order of computation. */
    public Map<String, Shape> weightShapes() {
        return program.weightShapes();
    }

    /** Every weight by full name, in the order of computation. */
    public Map<String, HostTensor> weights() {
        return Collections.unmodifiableMap(weights);
    }

    public HostTensor weight(String name) {
        HostTensor weight = weights.get(name);
        if (weight == null) {
            throw unknownWeight(name);
        }
        return weight;
    }

    /**
     * Replaces weights; those that are not named stay.
     *
     * @throws GraftException if a name is unknown or a shape differs; nothing is replaced then
     */
    public void setWeights(Map<String, HostTensor> values) {
        check(values);
        weights.putAll(values);
    }

    private void check(Map<String, HostTensor> values) {
        values.forEach((name, value) -> {
            WeightSpec spec = specs.get(name);
            if (spec == null) {
                throw unknownWeight(name);
            }
            if (!spec.shape().equals(value.shape())) {
                throw new GraftException(
                        "weight '" + name + "': expected shape " + spec.shape() + ", got " + value.shape());
            }
        });
    }

    private GraftException unknownWeight(String name) {
        return new GraftException(
                "network '" + model.name() + "' has no weight '" + name + "'" + Nearest.hint(name, specs.keySet()));
    }

    /** The paths of all layers, in the order of computation. */
    public List<String> layers() {
        return program.steps().stream().map(Step::path).toList();
    }

    /**
     * Makes a layer, or all layers below a path, trainable or not.
     *
     * @param path a layer's path, or the beginning of several up to a dot; empty for the whole network
     * @throws GraftException if there is no such layer; suggests the nearest name
     */
    public void setTrainable(String path, boolean trainable) {
        List<String> below = layers().stream()
                .filter(layer -> path.isEmpty() || layer.equals(path) || layer.startsWith(path + "."))
                .toList();
        if (below.isEmpty()) {
            throw new GraftException(
                    "network '" + model.name() + "' has no layer '" + path + "'" + Nearest.hint(path, layers()));
        }
        boolean changed = trainable ? frozen.removeAll(Set.copyOf(below)) : frozen.addAll(below);
        if (changed) {
            trainableVersion++;
        }
    }

    public boolean isTrainable(Step step) {
        return !frozen.contains(step.path());
    }

    /** The paths of the layers that are frozen, in the order of computation. */
    public List<String> frozenLayers() {
        return layers().stream().filter(frozen::contains).toList();
    }

    /** Changes whenever something becomes trainable or frozen: a trainer compares it with what it was compiled for. */
    public long trainableVersion() {
        return trainableVersion;
    }

    /** The names of the weights that a gradient moves: parameters of trainable layers. */
    public Set<String> trainableWeights() {
        return select((step, spec) -> isTrainable(step) && spec.trainable());
    }

    /** The names of the weights that must not change: all of frozen layers, and statistics that are kept. */
    public Set<String> frozenWeights() {
        return select((step, spec) -> !(isTrainable(step) && spec.trainable()) && !movesStatistics(step));
    }

    /** Parts the program at the boundary behind which training changes something. */
    public Cut cut() {
        return Cut.of(program, changes());
    }

    private Predicate<Step> changes() {
        return step -> (isTrainable(step) && step.weights().stream().anyMatch(WeightSpec::trainable))
                || (!step.inference() && step.layer().stochastic());
    }

    private boolean movesStatistics(Step step) {
        return isTrainable(step) && !step.inference() && step.layer() instanceof BatchNormalization;
    }

    private interface Choice {
        boolean takes(Step step, WeightSpec spec);
    }

    private Set<String> select(Choice choice) {
        Set<String> names = new LinkedHashSet<>();
        for (Step step : program.steps()) {
            step.weights().stream()
                    .filter(spec -> choice.takes(step, spec))
                    .forEach(spec -> names.add(step.weightName(spec)));
        }
        return names;
    }

    /** How many numbers these weights hold. */
    public long parameters(Set<String> names) {
        return names.stream().mapToLong(name -> weight(name).elements()).sum();
    }
}
