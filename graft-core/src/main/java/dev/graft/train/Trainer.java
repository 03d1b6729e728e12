package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.tensor.GradientScope;
import dev.graft.tensor.Gradients;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.Torch;
import dev.graft.tensor.TorchOptimizer;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
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
 * goes on from its weights with a fresh optimizer.
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

    private final Network network;
    private final LiveNetwork live;
    private final Objectives objectives;
    private final double learningRate;
    private final List<Optimizer.Assigned> groups;
    private final TorchOptimizer optimizer;
    private final List<String> warnings;
    private final List<Consumer<TrainingEvent>> listeners = new ArrayList<>();
    private @Nullable ClassWeights classWeights;
    private BooleanSupplier stop = () -> false;
    private long seed = 42;

    private Trainer(Network network, Program program, Optimizer settings, List<Objective> objectives) {
        this.network = network;
        this.objectives = new Objectives(program, objectives);
        this.learningRate = settings.learningRate();
        this.live = LiveNetwork.open(network, program);
        try {
            this.groups = live.assign(settings);
            this.warnings = Cautions.of(network, settings, groups);
            this.optimizer = live.optimizer(settings);
        } catch (RuntimeException e) {
            live.close();
            throw e;
        }
    }

    /**
     * Compiles a network with one output.
     *
     * @throws GraftException if nothing is trainable, or the loss does not go with the last layer
     */
    public static Trainer compile(Network network, Optimizer optimizer, Loss loss, Metric... metrics) {
        return compile(network, network.program(), optimizer, Objective.of(loss, metrics));
    }

    /**
     * Compiles a network, or a part of it, with an objective for each output.
     *
     * @param program what runs in each step: the network's program, or the suffix of a {@linkplain Network#cut cut}
     *     whose boundary values are then the inputs of batches
     */
    public static Trainer compile(Network network, Program program, Optimizer optimizer, Objective... objectives) {
        return new Trainer(network, program, optimizer, List.of(objectives));
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
        Torch.seed(seed);
        warn();
        tell(new PhaseStarted(phase, training.size(), training.count()));
        Metrics before = before(validation, phase);
        Progress progress = new Progress(phase, before);
        List<History.Epoch> epochs;
        try (Stepper steps = new Stepper(live, optimizer, groups, phase, training.count())) {
            epochs = epochs(training, validation, phase, progress, steps);
        }
        live.saveFrozen();
        live.restore();
        History history = new History(phase.name(), before, epochs, progress.bestEpoch(), stop.getAsBoolean());
        tell(new PhaseDone(history));
        return history;
    }

    private List<History.Epoch> epochs(
            Batches training, @Nullable Batches validation, Phase phase, Progress progress, Stepper steps) {
        List<History.Epoch> epochs = new ArrayList<>();
        for (int number = 1; number <= phase.epochs() && !stop.getAsBoolean(); number++) {
            long start = System.nanoTime();
            steps.begin(number, progress.rate());
            Meter running = trainEpoch(training, phase, number, steps);
            if (running.isEmpty()) {
                break;
            }
            try (var means = steps.means()) {
                Metrics held = validation == null ? Metrics.none() : evaluate(validation);
                double rate = learningRate * steps.factor();
                epochs.add(new History.Epoch(number, running.mean(), held, rate, (System.nanoTime() - start) / 1e9));
                boolean best = progress.isBest(epochs.get(number - 1));
                if (best) {
                    live.save();
                }
                tell(new EpochDone(epochs.get(number - 1), best));
            }
            if (progress.isOutOfPatience()) {
                break;
            }
        }
        return epochs;
    }

    private Metrics before(@Nullable Batches validation, Phase phase) {
        if (validation == null) {
            return Metrics.none();
        }
        Metrics before = evaluate(validation);
        if (Double.isNaN(before.loss())) {
            throw new GraftException(phase.name() + ": the validation loss is NaN before training, so no epoch could be"
                    + " the best; look for weights or inputs that are no finite numbers");
        }
        return before;
    }

    /** One pass; empty when it was stopped before its first step. */
    private Meter trainEpoch(Batches training, Phase phase, int epoch, Stepper steps) {
        Meter meter = new Meter(objectives);
        try (var reader = training.open(epoch - 1)) {
            int step = 0;
            for (Batch batch = reader.next(); batch != null && !stop.getAsBoolean(); batch = reader.next()) {
                step++;
                trainStep(batch, meter, steps, phase.name() + ", epoch " + epoch + ", step " + step);
                tell(new StepDone(epoch, step, training.count(), meter.mean()));
            }
        }
        steps.end();
        return meter;
    }

    private void trainStep(Batch batch, Meter meter, Stepper steps, String where) {
        try (var tape = GradientScope.open()) {
            objectives.check(batch);
            List<Tensor> outputs = live.call(batch.inputs(), true);
            Tensor loss = objectives.loss(live, outputs, batch, ExampleWeights.of(batch, classWeights));
            float number = loss.item();
            if (!Float.isFinite(number)) {
                throw new GraftException(where + ": the loss is " + number
                        + "; the best weights so far are kept. Lower the learning rate");
            }
            steps.add(tape, loss, batch.size());
            meter.add(number, outputs, batch);
        }
    }

    /**
     * Copies of the weights as they are being trained, by full name; the network has those of the best epoch. While a
     * listener is told of an epoch they are what that epoch was validated with: their mean, where there is one.
     */
    public Map<String, HostTensor> weights() {
        return live.toHost();
    }

    /** The learning rate of every weight that trains in the last step, by full name; before the first the base rates. */
    public Map<String, Double> learningRates() {
        Map<String, Double> rates = new LinkedHashMap<>();
        for (int group = 0; group < groups.size(); group++) {
            double rate = optimizer.learningRate(group);
            groups.get(group).weights().forEach(weight -> rates.put(weight, rate));
        }
        return rates;
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
        Outputs all = new Outputs(objectives.count());
        forEach(batches, batch -> all.add(host(live.call(batch.inputs(), false))));
        return all.joined();
    }

    /** The first output for every example in inference mode, in the order of the batches, {@code [N, ...]}. */
    public HostTensor predict(Batches batches) {
        return predictAll(batches).get(0);
    }

    private static void forEach(Batches batches, Consumer<Batch> action) {
        try (var reader = batches.open(0);
                var gradients = Gradients.off()) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (var scope = Scope.open()) {
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

    private void tell(TrainingEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public void close() {
        optimizer.close();
        live.close();
    }
}
