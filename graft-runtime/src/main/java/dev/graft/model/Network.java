package dev.graft.model;

import dev.graft.Glob;
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
 * <p>{@code trainable} is a property of layers: set on a nested model or the whole network it is set on every layer inside.
 * A layer's parameters may also be frozen one by one.
 */
public final class Network {
    private final Model model;
    private final Program program;
    private final Map<String, WeightSpec> specs;
    private final Map<String, HostTensor> weights = new LinkedHashMap<>();
    private final Set<String> frozen = new HashSet<>();
    private final Set<String> frozenParameters = new HashSet<>();
    private final Set<String> pretrained = new LinkedHashSet<>();
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
        network.pretrained.addAll(given.keySet());
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

    /** Replaces weights by pretrained ones. */
    void load(Map<String, HostTensor> values) {
        setWeights(values);
        pretrained.addAll(values.keySet());
    }

    /** The names of the weights that came trained, from a file say, instead of fresh. */
    public Set<String> pretrainedWeights() {
        return Collections.unmodifiableSet(pretrained);
    }

    /** The same with its weights and what is trainable; what is changed in one is not in the other. Weights are shared. */
    public Network copy() {
        Network copy = new Network(model);
        copy.weights.putAll(weights);
        copy.pretrained.addAll(pretrained);
        copy.frozen.addAll(frozen);
        copy.frozenParameters.addAll(frozenParameters);
        return copy;
    }

    /**
     * A copy in which just these weights train, whatever trains in this.
     *
     * @param names of parameters, in full
     * @throws GraftException if one is unknown
     */
    public Network training(Set<String> names) {
        names.forEach(this::weight);
        Network copy = copy();
        copy.frozenParameters.clear();
        // A layer without parameters is as the one before it.
        Boolean before = null;
        for (Step step : program.steps()) {
            List<String> parameters = step.weights().stream()
                    .filter(WeightSpec::trainable)
                    .map(step::weightName)
                    .toList();
            List<String> still =
                    parameters.stream().filter(name -> !names.contains(name)).toList();
            boolean trains = still.size() < parameters.size();
            if (!parameters.isEmpty()) {
                before = trains;
            }
            if (before != null) {
                copy.setTrainable(List.of(step.path()), before);
            }
            if (trains) {
                copy.frozenParameters.addAll(still);
            }
        }
        return copy;
    }

    /**
     * The part of this network from its inputs to some layers, whose values become the outputs: a feature extractor.
     * It has the weights as they are now, all frozen.
     *
     * @param layerNames names in the model, not in nested ones
     */
    public Network upTo(String... layerNames) {
        Network part = new Network(model.upTo(layerNames));
        part.specs.keySet().forEach(name -> part.weights.put(name, weight(name)));
        pretrained.stream().filter(part.specs::containsKey).forEach(part.pretrained::add);
        part.setTrainable(false);
        return part;
    }

    /** The paths of all layers, in the order of computation; a shared layer once. */
    public List<String> layerNames() {
        return layers().layerNames();
    }

    /** All layers. */
    public Part layers() {
        return new Part(this, "", program.steps());
    }

    /** {@link Part#layer} of the whole network: a layer, a nested model or a stage by its path. */
    public Part layer(String path) {
        return layers().layer(path);
    }

    /** {@link Part#layers(String)} of the whole network: layers by a pattern of their paths. */
    public Part layers(String glob) {
        return layers().layers(glob);
    }

    /** {@link Part#layers(int, int)} of the whole network: layers by number. */
    public Part layers(int from, int to) {
        return layers().layers(from, to);
    }

    /** Freezes every layer, or makes it trainable. */
    public void setTrainable(boolean trainable) {
        layers().setTrainable(trainable);
    }

    void setTrainable(List<String> paths, boolean trainable) {
        boolean changed = trainable ? frozen.removeAll(Set.copyOf(paths)) : frozen.addAll(paths);
        if (changed) {
            trainableVersion++;
        }
    }

    /**
     * Freezes single weights of layers that are trainable, or lets them train again: torch's {@code requires_grad}. A
     * weight trains if both it and its layer may.
     *
     * @param glob full names of weights; {@code *} stands for any characters: {@code *.bias}
     * @throws GraftException if no parameter has such a name; suggests the nearest
     */
    public void setRequiresGradient(String glob, boolean required) {
        var matches = Glob.of(glob);
        List<String> names = specs.entrySet().stream()
                .filter(entry -> entry.getValue().trainable() && matches.test(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (names.isEmpty()) {
            throw unknownWeight(glob);
        }
        boolean changed = required ? frozenParameters.removeAll(Set.copyOf(names)) : frozenParameters.addAll(names);
        if (changed) {
            trainableVersion++;
        }
    }

    /** The parameters that were frozen one by one, in the order of computation. */
    public List<String> frozenParameters() {
        return specs.keySet().stream().filter(frozenParameters::contains).toList();
    }

    public boolean isTrainable(Step step) {
        return !frozen.contains(step.path());
    }

    /** The paths of the layers that are frozen, in the order of computation. */
    public List<String> frozenLayers() {
        return layerNames().stream().filter(frozen::contains).toList();
    }

    /** Changes whenever something becomes trainable or frozen: a trainer compares it with what it was compiled for. */
    public long trainableVersion() {
        return trainableVersion;
    }

    /** The names of the weights that a gradient moves: parameters of trainable layers. */
    public Set<String> trainableWeights() {
        return select(this::trains);
    }

    /** The names of the weights that must not change: all of frozen layers, and statistics that are kept. */
    public Set<String> frozenWeights() {
        Set<String> moving = select((step, spec) -> trains(step, spec) || (!spec.trainable() && movesStatistics(step)));
        Set<String> kept = new LinkedHashSet<>(specs.keySet());
        kept.removeAll(moving);
        return kept;
    }

    private boolean trains(Step step, WeightSpec spec) {
        return isTrainable(step) && spec.trainable() && !frozenParameters.contains(step.weightName(spec));
    }

    /** Parts the program at the boundary after which training changes something. */
    public Cut cut() {
        return Cut.of(program, this::changes);
    }

    /** The same with steps that are not frozen although they train nothing: those that will be set otherwise. */
    public Cut cut(Predicate<Step> moreover) {
        return Cut.of(program, step -> moreover.test(step) || changes(step));
    }

    private boolean changes(Step step) {
        return step.weights().stream().anyMatch(spec -> trains(step, spec))
                || movesStatistics(step)
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

    /** How much of the network trains. Statistics are weights and no parameters: torch's way of counting. */
    public ParameterCount parameters() {
        return new ParameterCount(parameters(trainableWeights()), parameters(select((step, spec) -> spec.trainable())));
    }

    /** How many numbers these weights hold. */
    public long parameters(Set<String> names) {
        return names.stream().mapToLong(name -> weight(name).elements()).sum();
    }
}
