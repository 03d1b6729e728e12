package dev.graft.train;

import dev.graft.Closing;
import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import dev.graft.torch.TorchOptimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network in libtorch: copies of its weights, of which those that train require a gradient. What is trainable is read
 * when it is opened. The {@link Trainer} works on one; a training loop of one's own does too:
 *
 * <pre>{@code
 * try (var live = LiveNetwork.open(network);
 *         var optimizer = live.optimizer(Optimizer.adam(1e-3))) {
 *     for (...) {
 *         try (var tape = GradientScope.open(live.engine())) {
 *             Tensor logits = live.call(pictures, true);
 *             tape.backward(loss.of(logits, live.tensor(labels), null));
 *             optimizer.step();
 *         }
 *     }
 *     live.save();
 * }
 * }</pre>
 *
 * <p>Closing frees the copies; what was not saved is lost. It may come from any thread: a call that has begun is finished,
 * later ones throw an {@link IllegalStateException}.
 */
public final class LiveNetwork implements AutoCloseable {
    private final Network network;
    private final Program program;
    private final Engine engine;
    private final long trainableVersion;
    private final Set<String> trainable;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final TorchOps ops = new TorchOps();
    private final Folding folding;
    private final Closing closing;

    private LiveNetwork(Network network, Program program, Engine engine) {
        this.network = network;
        this.program = program;
        this.engine = engine;
        this.trainableVersion = network.trainableVersion();
        this.trainable = network.trainableWeights();
        this.folding = new Folding(network, program, this::held);
        this.closing = Closing.of("network '" + network.model().name() + "' in libtorch", this::free);
        try (var scope = Scope.open()) {
            for (String name : program.weights().keySet()) {
                Tensor tensor = engine.tensor(network.weight(name)).keep();
                weights.put(name, tensor);
                if (trainable.contains(name)) {
                    tensor.requireGradient();
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Opens a network on the {@linkplain Engine#best() best engine} there is. */
    public static LiveNetwork open(Network network) {
        return open(network, Engine.best());
    }

    /** Opens a network. */
    public static LiveNetwork open(Network network, Engine engine) {
        return open(network, network.program(), engine);
    }

    /**
     * Opens a part of a network.
     *
     * @param program the network's program, or the suffix of a {@linkplain Network#cut cut}
     */
    public static LiveNetwork open(Network network, Program program, Engine engine) {
        return new LiveNetwork(network, program, engine);
    }

    /** What it computes with; a step's gradients do too, in a {@link GradientScope} that is given it. */
    public Engine engine() {
        return engine;
    }

    /**
     * The optimizer over the weights that train, with its groups. Its holder closes it.
     *
     * @throws GraftException if nothing is trainable, or a group has none of the weights
     */
    public TorchOptimizer optimizer(Optimizer settings) {
        try (var use = closing.use()) {
            return settings.open(assign(settings).stream()
                    .map(part -> new TorchOptimizer.Group(
                            part.weights().stream().map(this::held).toList(), part.learningRate(), part.weightDecay()))
                    .toList());
        }
    }

    /** Which weights get which rate. */
    List<Optimizer.Assigned> assign(Optimizer settings) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        trainableWeights().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        if (shapes.isEmpty()) {
            throw new GraftException("network '" + network.model().name()
                    + "': nothing is trainable; make a layer trainable before compiling");
        }
        return settings.assign(shapes);
    }

    /** The weights that train, by full name. */
    public Map<String, Tensor> trainableWeights() {
        closing.check();
        Map<String, Tensor> training = new LinkedHashMap<>(weights);
        training.keySet().retainAll(trainable);
        return training;
    }

    /**
     * A weight by its full name; it belongs to this network and is freed with it.
     *
     * @throws GraftException if there is none; suggests the nearest
     * @throws IllegalStateException if this is closed
     */
    public Tensor weight(String name) {
        closing.check();
        return held(name);
    }

    /** Also while it is being closed: a call that has begun goes on. */
    private Tensor held(String name) {
        Tensor tensor = weights.get(name);
        if (tensor == null) {
            throw new GraftException("network '" + network.model().name() + "' has no weight '" + name + "'"
                    + Nearest.hint(name, weights.keySet()));
        }
        return tensor;
    }

    /** Numbers as the engine has them, in the innermost scope: targets for a loss, say. */
    public Tensor tensor(HostTensor values) {
        return engine.tensor(values);
    }

    /**
     * Computes the only output for a batch of the only input.
     *
     * @param training whether dropout drops and trainable batch normalisation uses the batch
     * @throws GraftException if the network takes another shape
     */
    public Tensor call(HostTensor input, boolean training) {
        return call(List.of(input), training).get(0);
    }

    /**
     * Computes the outputs for a batch.
     *
     * @param training whether dropout drops and trainable batch normalisation uses the batch
     * @throws GraftException if the network takes other shapes
     */
    public List<Tensor> call(List<HostTensor> inputs, boolean training) {
        check(inputs);
        try (var use = closing.use();
                var computing = engine.use()) {
            List<Tensor> values = inputs.stream().map(this::tensor).toList();
            return folding.run(ops, values, training);
        }
    }

    private void check(List<HostTensor> inputs) {
        List<Shape> expected = program.inputs();
        if (inputs.size() != expected.size()) {
            throw new GraftException("network '" + network.model().name() + "': expected " + expected.size()
                    + " inputs a batch, got " + inputs.size());
        }
        for (int i = 0; i < inputs.size(); i++) {
            Shape got = inputs.get(i).shape();
            if (got.rank() == 0 || !expected.get(i).withBatch(got.size(0)).equals(got)) {
                throw new GraftException("network '" + network.model().name() + "': expected input "
                        + (inputs.size() == 1 ? "" : (i + 1) + " ") + expected.get(i) + ", got " + got
                        + remedy(expected.get(i), got));
            }
        }
    }

    private static String remedy(Shape expected, Shape got) {
        boolean pictures = expected.rank() == 4 && got.rank() == 4;
        if (pictures && got.size(3) == expected.size(1) && got.size(1) != expected.size(1)) {
            return "; channels come first here: [N, channels, height, width]";
        }
        if (pictures && got.size(1) != expected.size(1)) {
            return "; give pictures of " + expected.size(1) + " channels, or draw the network for " + got.size(1);
        }
        if (pictures) {
            return "; resize the pictures, or draw the network for their size";
        }
        return got.rank() == expected.rank() - 1
                ? "; the first axis is the batch"
                : "; draw the network for what comes in";
    }

    /** Whether what is trainable was changed since this was opened. */
    boolean isOutdated() {
        return network.trainableVersion() != trainableVersion;
    }

    /**
     * Copies the weights, statistics included, back into the network.
     *
     * @throws GraftException if one of them is no finite number any more; the network keeps what it had then
     */
    public void save() {
        Map<String, HostTensor> values = toHost();
        values.forEach((name, value) -> {
            if (!value.isFinite()) {
                throw new DivergedException(
                        "network '" + network.model().name() + "': ",
                        "weight '" + name + "' is no finite number any more",
                        PhaseRun.LOWER);
            }
        });
        network.setWeights(values);
    }

    /**
     * Copies back into the network what no training may have changed: so a frozen weight that was touched shows when the
     * network is compared with what it was, instead of being covered up.
     */
    void saveFrozen() {
        Map<String, HostTensor> frozen = toHost();
        frozen.keySet().retainAll(network.frozenWeights());
        network.setWeights(frozen);
    }

    /** Takes everything that may have changed from the network again. */
    void restore() {
        try (var use = closing.use()) {
            changing().forEach((name, tensor) -> tensor.assign(network.weight(name)));
        }
    }

    /** The weights that training may change, statistics that move among them, by full name. */
    Map<String, Tensor> changing() {
        Map<String, Tensor> changing = new LinkedHashMap<>(weights);
        changing.keySet().removeAll(network.frozenWeights());
        return changing;
    }

    /** The weights that it must not change, as the network has them, by full name. */
    Map<String, HostTensor> kept() {
        Map<String, HostTensor> kept = new LinkedHashMap<>();
        Set<String> frozen = network.frozenWeights();
        weights.keySet().stream().filter(frozen::contains).forEach(name -> kept.put(name, network.weight(name)));
        return kept;
    }

    Map<String, HostTensor> toHost() {
        try (var use = closing.use()) {
            Map<String, HostTensor> copies = new LinkedHashMap<>();
            weights.forEach((name, tensor) -> copies.put(name, tensor.toHost()));
            return copies;
        }
    }

    @Override
    public void close() {
        closing.close();
    }

    private void free() {
        folding.close();
        weights.values().forEach(Tensor::close);
    }
}
