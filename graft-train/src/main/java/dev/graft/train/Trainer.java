package dev.graft.train;

import dev.graft.Closing;
import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import dev.graft.torch.Gradients;
import dev.graft.torch.Precision;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOptimizer;
import dev.graft.train.TrainingEvent.Warned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network compiled for training: optimizer, losses, metrics and what is trainable are fixed here. Runs the one training
 * loop. After each epoch that is the best so far the network's own weights are set, so whatever ends a phase, the network
 * has the best weights so far. Closing frees the native copies and the optimizer's state; compiling the network again
 * goes on from its weights with a fresh optimizer. It may come from any thread and from a listener: the step that has begun
 * is finished, then {@link #fit} throws an {@link IllegalStateException}, as whatever is called later does.
 *
 * <pre>{@code
 * try (var trainer = Trainer.compile(network, Optimizer.adam(1e-3), Loss.crossEntropy(), Metric.accuracy())) {
 *     trainer.listen(ProgressBar.on(System.out));
 *     History history = trainer.fit(training, validation, Phase.of(10).stopAfter(3));
 * }
 * }</pre>
 */
public final class Trainer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    final Network network;
    final LiveNetwork live;
    final Objectives objectives;
    final Optimizer settings;
    final List<Optimizer.Assigned> groups;
    final TorchOptimizer optimizer;

    @Nullable ClassWeights classWeights;

    @Nullable StateKeeper keeper;

    BooleanSupplier stop = () -> false;
    long seed = 42;
    private final Program program;
    private final List<String> warnings;
    private final List<Consumer<TrainingEvent>> listeners = new ArrayList<>();
    private final Closing closing;
    private @Nullable TrainerState resumed;

    private Trainer(Engine engine, Network network, Program program, Optimizer settings, List<Objective> objectives) {
        this.network = network;
        this.objectives = new Objectives(program, objectives);
        this.settings = settings;
        this.program = program;
        this.live = LiveNetwork.open(network, program, engine);
        try {
            this.groups = live.assign(settings);
            this.warnings = CompileWarnings.of(network, settings, groups);
            this.optimizer = live.optimizer(settings);
        } catch (RuntimeException e) {
            live.close();
            throw e;
        }
        this.closing = Closing.of("the trainer of network '" + network.model().name() + "'", this::free);
    }

    /** Until it is closed, the weights in libtorch stay. */
    Closing.Use use() {
        return closing.use();
    }

    /** Trainers that compute with an engine: {@code Trainer.on(Engine.cpu(2)).compile(network, ...)}. */
    public static Compiler on(Engine engine) {
        return new Compiler(engine);
    }

    /** Compiles on the {@linkplain Engine#best() best engine} there is, as {@link Compiler} says. */
    public static Trainer compile(Network network, Optimizer optimizer, Loss loss, Metric... metrics) {
        return on(Engine.best()).compile(network, optimizer, loss, metrics);
    }

    /** Compiles on the {@linkplain Engine#best() best engine} there is, as {@link Compiler} says. */
    public static Trainer compile(Network network, Program program, Optimizer optimizer, Objective... objectives) {
        return on(Engine.best()).compile(network, program, optimizer, objectives);
    }

    /** Compiles networks for an engine. */
    public record Compiler(Engine engine) {
        /**
         * Compiles a network with one output.
         *
         * @throws GraftException if nothing is trainable, or the loss does not go with the last layer
         */
        public Trainer compile(Network network, Optimizer optimizer, Loss loss, Metric... metrics) {
            return compile(network, network.program(), optimizer, Objective.of(loss, metrics));
        }

        /**
         * Compiles a network, or a part of it, with an objective for each output.
         *
         * @param program what runs in each step: the network's program, or the suffix of a {@linkplain Network#cut cut}
         *     whose boundary values are then the inputs of batches
         */
        public Trainer compile(Network network, Program program, Optimizer optimizer, Objective... objectives) {
            return new Trainer(engine, network, program, optimizer, List.of(objectives));
        }
    }

    /** Is told what happens, on the training thread, beside those that were added before. */
    public Trainer listen(Consumer<? super TrainingEvent> to) {
        listeners.add(to::accept);
        return this;
    }

    /** Is asked after each step whether to end here. */
    public Trainer stopWhen(BooleanSupplier asked) {
        stop = asked;
        return this;
    }

    /** What dropout and random layers draw from; 42 if not set. */
    public Trainer seed(long number) {
        seed = number;
        return this;
    }

    /**
     * Is asked when to keep what the trainer must know to go on, and keeps it; nobody if not set.
     *
     * @throws GraftException if it computes in another precision than states are kept in
     */
    public Trainer keep(StateKeeper states) {
        checkKept();
        keeper = states;
        return this;
    }

    /**
     * Lets the next {@link #fit} go on from a state, which another process may have kept, in place of beginning its phase:
     * it ends in the weights that the interrupted one would have ended in, bit for bit on one machine. It must be given what
     * the interrupted one was: network, optimizer, objectives, seed, examples and phase. Where any of them is another {@code
     * fit} throws a {@link GraftException} that lists the differences, and nothing is changed.
     */
    public Trainer resume(TrainerState state) {
        checkKept();
        resumed = state;
        return this;
    }

    private void checkKept() {
        Precision precision = live.engine().precision();
        if (precision != Precision.FLOAT32) {
            throw new GraftException(
                    "network '" + network.model().name() + "': expected FLOAT32, which states to resume"
                            + " from are kept in, got " + precision + "; train without keeping any");
        }
    }

    /** How much examples of each class count in training; validation counts all alike. */
    public Trainer classWeights(ClassWeights weights) {
        classWeights = weights;
        return this;
    }

    /** Trains for a phase without validation data: the weights of the last epoch are kept. */
    public History fit(Batches training, Phase phase) {
        return run(training, null, phase);
    }

    /**
     * Trains for a phase.
     *
     * @throws GraftException if {@code trainable} changed since compiling, or the loss is not, or no longer, a number
     */
    public History fit(Batches training, Batches validation, Phase phase) {
        return run(training, validation, phase);
    }

    private History run(Batches training, @Nullable Batches validation, Phase phase) {
        if (live.isOutdated()) {
            throw new GraftException("network '" + network.model().name()
                    + "': trainable was changed after compiling, which has no effect; compile again");
        }
        phase.monitor().check(new Meter(objectives).mean().values().keySet(), validation != null);
        warn();
        TrainerState from = resumed;
        resumed = null;
        try (var computing = live.engine().use();
                PhaseRun run = begin(training, validation, phase)) {
            return run.run(from);
        }
    }

    private PhaseRun begin(Batches training, @Nullable Batches validation, Phase phase) {
        try (var use = use()) {
            return new PhaseRun(this, training, validation, phase);
        }
    }

    /** What of this trainer must be the same to go on from a state. */
    PhasePlan plan() {
        return new PhasePlan(seed)
                .network(program, live.kept())
                .optimizer(settings, groups)
                .objectives(objectives, classWeights);
    }

    /**
     * Copies of the weights as they are being trained, by full name; the network has those of the best epoch. While a
     * listener is told of an epoch they are what that epoch was validated with: their mean, where there is one.
     */
    public Map<String, HostTensor> weights() {
        try (var use = use()) {
            return live.toHost();
        }
    }

    /** The learning rate of every weight that trains in the last step, by full name; before the first the base rates. */
    public Map<String, Double> learningRates() {
        try (var use = use()) {
            Map<String, Double> rates = new LinkedHashMap<>();
            for (int group = 0; group < groups.size(); group++) {
                double rate = optimizer.learningRate(group);
                groups.get(group).weights().forEach(weight -> rates.put(weight, rate));
            }
            return rates;
        }
    }

    /** Loss and metrics in inference mode, with the weights that are being trained. */
    public Metrics evaluate(Batches batches) {
        Meter meter = new Meter(objectives);
        forEach(batches, batch -> {
            objectives.check(batch);
            List<Tensor> outputs = live.call(batch.inputs(), false);
            Tensor loss = objectives.loss(live, outputs, batch, batch.weights());
            meter.add(loss.item(), outputs, batch);
        });
        return meter.mean();
    }

    /** The outputs for every example in inference mode, in the order of the batches: one {@code [N, ...]} an output. */
    public List<HostTensor> predictAll(Batches batches) {
        JoinedOutputs all = new JoinedOutputs(objectives.count());
        forEach(batches, batch -> all.add(host(live.call(batch.inputs(), false))));
        return all.joined();
    }

    /** The first output for every example in inference mode, in the order of the batches, {@code [N, ...]}. */
    public HostTensor predict(Batches batches) {
        return predictAll(batches).get(0);
    }

    private void forEach(Batches batches, Consumer<Batch> action) {
        try (var computing = live.engine().use();
                var reader = batches.open(0);
                var gradients = Gradients.off()) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (var use = use();
                        var scope = Scope.open()) {
                    action.accept(batch);
                }
            }
        }
    }

    private static List<HostTensor> host(List<Tensor> outputs) {
        return outputs.stream().map(Tensor::toHost).toList();
    }

    private void warn() {
        for (String warning : warnings) {
            if (listeners.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, warning);
            }
            tell(new Warned(warning));
        }
    }

    void tell(TrainingEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public void close() {
        closing.close();
    }

    private void free() {
        optimizer.close();
        live.close();
    }
}
