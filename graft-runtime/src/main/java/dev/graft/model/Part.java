package dev.graft.model;

import dev.graft.Glob;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.layers.Layer;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Built layers of a network: one, those of a nested model, or some that were chosen. A view: what is set here is set in
 * the network.
 *
 * <p>{@code trainable} belongs to single layers; to set it on a part sets it on every layer in it, at any depth.
 */
public final class Part {
    private final Network network;
    private final String path;
    private final List<Step> steps;

    /**
     * Some layers of a network.
     *
     * @param path what their names are relative to: that of a nested model, or empty
     */
    Part(Network network, String path, List<Step> steps) {
        this.network = network;
        this.path = path;
        this.steps = steps;
    }

    /** The full names of the layers, in the order of computation. */
    public List<String> layerNames() {
        return steps.stream().map(Step::path).distinct().toList();
    }

    /**
     * A layer, or all layers of a nested model or stage.
     *
     * @param name relative to this part; a layer's name, or the beginning of several up to a dot
     * @throws GraftException if there is no such layer; suggests the nearest name
     */
    public Part layer(String name) {
        String full = full(name);
        return new Part(network, full, found(name, below(full)));
    }

    /** The layers whose names, relative to this part, match: {@code layer4.*}; {@code *} stands for any characters. */
    public Part layers(String glob) {
        var matches = Glob.of(full(glob));
        return new Part(
                network,
                path,
                found(
                        glob,
                        steps.stream().filter(step -> matches.test(step.path())).toList()));
    }

    /**
     * Layers by number in the order of computation, those without weights included: {@code layers(0, 100)} are the
     * first hundred. Inputs are not counted.
     *
     * @param from the first, counted from 0
     * @param to after the last
     */
    public Part layers(int from, int to) {
        List<String> names = layerNames();
        if (from < 0 || from > to || to > names.size()) {
            throw new GraftException(
                    "layers " + from + " to " + to + ": " + this + " has " + names.size() + ", counted from 0");
        }
        Set<String> chosen = Set.copyOf(names.subList(from, to));
        return new Part(
                network,
                path,
                steps.stream().filter(step -> chosen.contains(step.path())).toList());
    }

    /** From the first layer of that name, relative to this part, to its end: what is unfrozen with a stage. */
    public Part from(String name) {
        Step first = found(name, below(full(name))).get(0);
        return new Part(network, path, steps.subList(steps.indexOf(first), steps.size()));
    }

    /** Up to the first layer of that name, relative to this part, without it. */
    public Part before(String name) {
        Step first = found(name, below(full(name))).get(0);
        return new Part(network, path, steps.subList(0, steps.indexOf(first)));
    }

    /** The last layers that have weights, and what stands between them. */
    public Part last(int count) {
        List<String> weighted = steps.stream()
                .filter(step -> !step.weights().isEmpty())
                .map(Step::path)
                .distinct()
                .toList();
        if (count < 1 || count > weighted.size()) {
            throw new GraftException("the last layers of " + this + ": expected 1 to " + weighted.size()
                    + " layers with weights, got " + count);
        }
        String first = weighted.get(weighted.size() - count);
        int at = steps.stream().map(Step::path).toList().indexOf(first);
        return new Part(network, path, steps.subList(at, steps.size()));
    }

    /** The layers of one kind; empty where there is none. */
    public Optional<Part> ofType(Class<? extends Layer> type) {
        List<Step> matching =
                steps.stream().filter(step -> type.isInstance(step.layer())).toList();
        return matching.isEmpty() ? Optional.empty() : Optional.of(new Part(network, path, matching));
    }

    private List<Step> below(String full) {
        return steps.stream()
                .filter(step -> step.path().equals(full) || step.path().startsWith(full + "."))
                .toList();
    }

    private List<Step> found(String asked, List<Step> matching) {
        if (matching.isEmpty()) {
            List<String> names = layerNames().stream().map(this::relative).toList();
            List<String> stages =
                    names.stream().flatMap(Part::beginnings).distinct().toList();
            throw new GraftException(this + " has no layer '" + asked + "'" + Nearest.hint(asked, stages));
        }
        return matching;
    }

    /** A name with all its beginnings up to a dot. */
    private static Stream<String> beginnings(String name) {
        return Stream.iterate(
                name, each -> !each.isEmpty(), each -> each.substring(0, Math.max(0, each.lastIndexOf('.'))));
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String relative(String name) {
        return path.isEmpty() || name.equals(path) ? name : name.substring(path.length() + 1);
    }

    /** Freezes every layer of this part, or makes it trainable. A trainer has to be compiled again afterwards. */
    public void setTrainable(boolean trainable) {
        network.setTrainable(layerNames(), trainable);
    }

    /** Whether any layer of this part is trainable. */
    public boolean isTrainable() {
        return steps.stream().anyMatch(network::isTrainable);
    }

    /** The weights by full name. */
    public Map<String, HostTensor> weights() {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        specs().keySet().forEach(name -> weights.put(name, network.weight(name)));
        return Collections.unmodifiableMap(weights);
    }

    /** The full names of the weights that a gradient moves. */
    public List<String> trainableWeights() {
        Set<String> trainable = network.trainableWeights();
        return specs().keySet().stream().filter(trainable::contains).toList();
    }

    /** The full names of all others: those of frozen layers, and statistics. */
    public List<String> nonTrainableWeights() {
        Set<String> trainable = network.trainableWeights();
        return specs().keySet().stream()
                .filter(name -> !trainable.contains(name))
                .toList();
    }

    /** Copies of the weights, in the order of {@link #weights}. */
    public List<HostTensor> getWeights() {
        return weights().values().stream().map(Part::copy).toList();
    }

    /**
     * Copies weights in.
     *
     * @param values as many as {@link #weights} has, in its order and shapes
     * @throws GraftException if they do not fit; nothing is changed then
     */
    public void setWeights(List<HostTensor> values) {
        List<String> names = new ArrayList<>(specs().keySet());
        if (values.size() != names.size()) {
            throw new GraftException(this + ": expected " + names.size() + " weights (" + String.join(", ", names)
                    + "), got " + values.size());
        }
        Map<String, HostTensor> copies = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            copies.put(names.get(i), copy(values.get(i)));
        }
        network.setWeights(copies);
    }

    /**
     * Takes pretrained weights by their names in this part: those of a backbone, whose names in its file know nothing of
     * the model round it. Weights that are not named stay.
     *
     * @throws GraftException if a name is unknown or a shape differs; nothing is changed then
     */
    public void load(Map<String, HostTensor> pretrained) {
        Map<String, HostTensor> named = new LinkedHashMap<>();
        pretrained.forEach((name, value) -> named.put(full(name), value));
        network.load(named);
    }

    private Map<String, WeightSpec> specs() {
        Map<String, WeightSpec> specs = new LinkedHashMap<>();
        for (Step step : steps) {
            step.weights().forEach(spec -> specs.put(step.weightName(spec), spec));
        }
        return specs;
    }

    private static HostTensor copy(HostTensor tensor) {
        return new HostTensor(tensor.shape(), FloatBuffer.wrap(tensor.toArray()));
    }

    @Override
    public String toString() {
        return path.isEmpty() ? "network '" + network.model().name() + "'" : "'" + path + "'";
    }
}
