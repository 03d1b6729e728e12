package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.tensor.Device;
import dev.graft.tensor.Gradients;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.tensor.Torch;
import dev.graft.tensor.TorchOps;
import dev.graft.tensor.TorchOptimizer;
import dev.graft.tensor.TorchOptimizer.Group;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A network compiled for training: optimizer, loss and what is trainable are fixed here. Runs the one training loop. After
 * each epoch that lowers the validation loss the network's own weights are set, so whatever ends a phase, the network has
 * the best weights so far. Closing frees the native copies and the optimizer's state.
 */
public final class Trainer implements AutoCloseable {
    private final Network network;
    private final Program program;
    private final Loss loss;
    private final Device device;
    private final long trainableVersion;
    private final double learningRate;
    private final NativeWeights weights;
    private final TorchOptimizer optimizer;
    private final int groups;
    private final TorchOps ops = new TorchOps();
    private Consumer<TrainingEvent> listener = event -> {};
    private BooleanSupplier stop = () -> false;

    private Trainer(Network network, Program program, Optimizer settings, Loss loss, Device device) {
        this.network = network;
        this.program = program;
        this.loss = loss;
        this.device = device;
        this.trainableVersion = network.trainableVersion();
        this.learningRate = settings.learningRate();
        Set<String> trainable = network.trainableWeights();
        if (program.weights().keySet().stream().noneMatch(trainable::contains)) {
            throw new GraftException("network '" + network.model().name()
                    + "': nothing is trainable; make a layer trainable before compiling");
        }
        this.weights = new NativeWeights(network, program, trainable, device);
        List<Group> parts = parts(settings, trainable);
        this.groups = parts.size();
        try {
            this.optimizer = settings.open(parts);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * Compiles a network.
     *
     * @param program what runs in each step: the network's program, or the suffix of a {@linkplain Network#cut cut}
     *     whose boundary values are then the inputs of batches
     */
    public static Trainer compile(Network network, Program program, Optimizer optimizer, Loss loss) {
        return new Trainer(network, program, optimizer, loss, Device.best());
    }

    /** Weight decay is for matrices and kernels: not for biases and normalisation. */
    private List<Group> parts(Optimizer settings, Set<String> trainable) {
        List<Group> parts = new ArrayList<>();
        for (boolean decayed : new boolean[] {true, false}) {
            List<Tensor> part = weights.select(name ->
                    trainable.contains(name) && network.weight(name).shape().rank() > 1 == decayed);
            if (!part.isEmpty()) {
                parts.add(new Group(part, settings.learningRate(), decayed ? settings.weightDecay() : 0));
            }
        }
        return parts;
    }

    /** Is told what happens, on the training thread. */
    public Trainer listen(Consumer<TrainingEvent> to) {
        listener = to;
        return this;
    }

    /** Is asked after each step whether to end here. */
    public Trainer stopWhen(BooleanSupplier asked) {
        stop = asked;
        return this;
    }

    /**
     * Trains for a phase.
     *
     * @param seed what dropout draws from
     * @throws GraftException if {@code trainable} changed since compiling, or the loss is not, or no longer, a number
     */
    public History fit(Batches training, Batches validation, Phase phase, long seed) {
        if (network.trainableVersion() != trainableVersion) {
            throw new GraftException("network '" + network.model().name()
                    + "': trainable was changed after compiling, which has no effect; compile again");
        }
        Torch.seed(seed);
        listener.accept(new PhaseStarted(phase, training.size(), training.count()));
        Metrics before = evaluate(validation);
        if (Double.isNaN(before.loss())) {
            throw new GraftException(phase.name() + ": the validation loss is NaN before training, so no epoch could be"
                    + " the best; look for weights or inputs that are no finite numbers");
        }
        Metrics best = before;
        int bestEpoch = 0;
        List<History.Epoch> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= phase.epochs() && !stop.getAsBoolean(); epoch++) {
            long start = System.nanoTime();
            Metrics.Sum running = trainEpoch(training, phase, epoch);
            if (running.isEmpty()) {
                break;
            }
            Metrics held = evaluate(validation);
            boolean better = held.loss() < best.loss();
            if (better) {
                best = held;
                bestEpoch = epoch;
                network.setWeights(weights.toHost());
            }
            epochs.add(new History.Epoch(epoch, running.mean(), held, (System.nanoTime() - start) / 1e9));
            listener.accept(new EpochDone(epochs.get(epoch - 1), better));
            if (epoch - bestEpoch >= phase.patience()) {
                break;
            }
        }
        restoreBest();
        History history = new History(phase.name(), before, epochs, bestEpoch, stop.getAsBoolean());
        listener.accept(new PhaseDone(history));
        return history;
    }

    /** One pass; empty when it was stopped before its first step. */
    private Metrics.Sum trainEpoch(Batches training, Phase phase, int epoch) {
        Metrics.Sum sum = new Metrics.Sum();
        int steps = training.count();
        try (var reader = training.open(epoch - 1)) {
            int step = 0;
            for (Batch batch = reader.next(); batch != null && !stop.getAsBoolean(); batch = reader.next()) {
                setRate(phase, (long) (epoch - 1) * steps + step, (long) phase.epochs() * steps);
                step++;
                trainStep(batch, sum, phase.name() + ", epoch " + epoch + ", step " + step);
                listener.accept(new StepDone(epoch, step, steps, sum.mean()));
            }
        }
        return sum;
    }

    private void trainStep(Batch batch, Metrics.Sum sum, String where) {
        try (var scope = Scope.open()) {
            optimizer.zeroGradients();
            Tensor logits = forward(batch, true);
            Tensor value = loss.of(logits, Tensor.of(batch.target(), device), null);
            float number = value.item();
            if (!Float.isFinite(number)) {
                throw new GraftException(where + ": the loss is " + number
                        + "; the best weights so far are kept. Lower the learning rate");
            }
            value.backward();
            optimizer.step();
            sum.add(number, correct(logits, labels(batch)), batch.size());
        }
    }

    /** Loss and accuracy in inference mode, with the weights that are being trained. */
    public Metrics evaluate(Batches batches) {
        Metrics.Sum sum = new Metrics.Sum();
        try (var reader = batches.open(0);
                var gradients = Gradients.off()) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (var scope = Scope.open()) {
                    Tensor logits = forward(batch, false);
                    Tensor value = loss.of(logits, Tensor.of(batch.target(), device), null);
                    sum.add(value.item(), correct(logits, labels(batch)), batch.size());
                }
            }
        }
        return sum.mean();
    }

    /** The logits of every example in inference mode, in the order of the batches. */
    public List<float[]> predict(Batches batches) {
        List<float[]> rows = new ArrayList<>();
        try (var reader = batches.open(0);
                var gradients = Gradients.off()) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (var scope = Scope.open()) {
                    rows.addAll(rows(forward(batch, false)));
                }
            }
        }
        return rows;
    }

    private Tensor forward(Batch batch, boolean training) {
        List<Tensor> inputs =
                batch.inputs().stream().map(input -> Tensor.of(input, device)).toList();
        return program.run(ops, weights::get, inputs, training, this::trains).get(0);
    }

    private static int[] labels(Batch batch) {
        int[] labels = new int[batch.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) batch.target().get(i);
        }
        return labels;
    }

    private boolean trains(Step step) {
        return network.isTrainable(step);
    }

    private int correct(Tensor logits, int[] labels) {
        List<float[]> rows = rows(logits);
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += loss.predicted(rows.get(i)) == labels[i] ? 1 : 0;
        }
        return correct;
    }

    private static List<float[]> rows(Tensor logits) {
        HostTensor host = logits.toHost();
        int units = host.shape().size(1);
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < host.shape().size(0); row++) {
            float[] values = new float[units];
            host.values().position(row * units).get(values);
            rows.add(values);
        }
        return rows;
    }

    private void setRate(Phase phase, long step, long steps) {
        double rate = learningRate * phase.schedule().factor(step, steps);
        for (int group = 0; group < groups; group++) {
            optimizer.setLearningRate(group, rate);
        }
    }

    /**
     * Makes the native weights the network's best ones. What is frozen takes the other way, from libtorch to the network,
     * so that a frozen weight that was touched shows in the certificate instead of being covered up.
     */
    private void restoreBest() {
        Set<String> frozen = network.frozenWeights();
        Map<String, HostTensor> trained = weights.toHost();
        trained.keySet().retainAll(frozen);
        network.setWeights(trained);
        Map<String, HostTensor> best = new LinkedHashMap<>();
        program.weights().keySet().stream()
                .filter(name -> !frozen.contains(name))
                .forEach(name -> best.put(name, network.weight(name)));
        weights.assign(best);
    }

    @Override
    public void close() {
        optimizer.close();
        weights.close();
    }
}
