package dev.graft.train;

import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import dev.graft.train.StateKeeper.Moment;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The training loop: one phase of a trainer, from its beginning or from where a {@link TrainerState} stands. */
final class PhaseRun implements AutoCloseable {
    /** What is said where training diverged. */
    static final String LOWER = "; the best weights so far are kept. Lower the learning rate";

    private final Trainer trainer;
    private final Batches training;
    private final @Nullable Batches validation;
    private final Phase phase;
    private final Stepper steps;
    private final StateTensors tensors;
    private final boolean countersSay;
    private final List<History.Epoch> epochs = new ArrayList<>();
    private Metrics before = Metrics.none();
    private BestEpoch progress;
    private Meter meter;
    private int epoch = 1;
    private int batches;
    /** What processes before this one spent on the epoch, in nanoseconds. */
    private long spent;

    private long start;

    private @Nullable PhasePlan plan;

    PhaseRun(Trainer trainer, Batches training, @Nullable Batches validation, Phase phase) {
        this.trainer = trainer;
        this.training = training;
        this.validation = validation;
        this.phase = phase;
        this.progress = new BestEpoch(phase, before);
        this.meter = new Meter(trainer.objectives);
        this.countersSay = meter.canSay();
        this.steps = new Stepper(trainer.live, trainer.optimizer, trainer.groups, phase, training.count());
        List<String> trained = trainer.groups.stream()
                .flatMap(group -> group.weights().stream())
                .toList();
        this.tensors = new StateTensors(trainer.network, trainer.live, trainer.optimizer, trained, steps.average());
    }

    /** Trains; the network has the best weights then. */
    History run(@Nullable TrainerState from) {
        if (from == null) {
            trainer.tell(new PhaseStarted(phase, training.size(), training.count()));
            before = validateBefore();
            progress = new BestEpoch(phase, before);
            keep(Moment.START);
        } else {
            restore(from);
            trainer.tell(new PhaseStarted(phase, training.size(), training.count()));
        }
        epochs();
        try (var use = trainer.use()) {
            trainer.live.saveFrozen();
            trainer.live.restore();
        }
        History history = new History(phase.name(), before, epochs, progress.bestEpoch(), trainer.stop.getAsBoolean());
        trainer.tell(new PhaseDone(history));
        return history;
    }

    private Metrics validateBefore() {
        if (validation == null) {
            return Metrics.none();
        }
        Metrics measured = trainer.evaluate(validation);
        if (Double.isNaN(measured.loss())) {
            throw new GraftException(phase.name() + ": the validation loss is NaN before training, so no epoch could be"
                    + " the best; look for weights or inputs that are no finite numbers");
        }
        return measured;
    }

    private void epochs() {
        boolean whole = true;
        while (whole && epoch <= phase.epochs() && !progress.isOutOfPatience()) {
            if (trainer.stop.getAsBoolean()) {
                keep(Moment.STOP);
                return;
            }
            whole = pass();
            if (meter.isEmpty()) {
                return;
            }
            endEpoch();
            if (whole) {
                keep(Moment.EPOCH);
            }
        }
    }

    /** One pass over the examples, or what is left of it; false when it was stopped on the way. */
    private boolean pass() {
        start = System.nanoTime() - spent;
        spent = 0;
        steps.begin(epoch, progress.rate(), batches);
        boolean whole;
        try (var reader = training.open(epoch - 1, batches)) {
            Batch batch = reader.next();
            for (; batch != null && !trainer.stop.getAsBoolean(); batch = reader.next()) {
                batches++;
                step(batch);
                trainer.tell(new StepDone(epoch, batches, training.count(), meter.mean()));
                keep(Moment.STEP);
            }
            whole = batch == null;
        }
        if (!whole) {
            keep(Moment.STOP);
        }
        try (var use = trainer.use()) {
            steps.end();
        }
        return whole;
    }

    private void step(Batch batch) {
        // A step's random numbers are its own, so no generator's state has to be kept to go on from here.
        Torch.seed(trainer.seed, epoch, batches);
        Objectives objectives = trainer.objectives;
        try (var use = trainer.use();
                var tape = GradientScope.open(trainer.live.engine())) {
            objectives.check(batch);
            List<Tensor> outputs = trainer.live.call(batch.inputs(), true);
            Tensor loss = objectives.loss(trainer.live, outputs, batch, ExampleWeights.of(batch, trainer.classWeights));
            float number = loss.item();
            if (!Float.isFinite(number)) {
                throw new DivergedException(
                        phase.name() + ", epoch " + epoch + ", step " + batches + ": ", "the loss is " + number, LOWER);
            }
            steps.add(tape, loss, batch.size());
            meter.add(number, outputs, batch);
        }
    }

    private void endEpoch() {
        try (var use = trainer.use();
                var means = steps.means()) {
            Metrics held = validation == null ? Metrics.none() : trainer.evaluate(validation);
            var done = new History.Epoch(
                    epoch, meter.mean(), held, trainer.settings.learningRate() * steps.factor(), seconds());
            epochs.add(done);
            boolean best = progress.isBest(done);
            if (best) {
                trainer.live.save();
            }
            trainer.tell(new EpochDone(done, best));
        }
        epoch++;
        batches = 0;
        meter = new Meter(trainer.objectives);
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private void keep(Moment moment) {
        StateKeeper keeper = trainer.keeper;
        boolean can = steps.isBetween() && (batches == 0 || countersSay);
        if (keeper != null && can && keeper.isTime(moment)) {
            keeper.keep(state());
        }
    }

    private TrainerState state() {
        StateTensors.Taken taken;
        try (var use = trainer.use()) {
            taken = tensors.take();
        }
        var numbers = new TrainerState.PhaseNumbers(
                epoch,
                batches,
                batches == 0 ? 0 : seconds(),
                before,
                epochs,
                progress.state(),
                meter.state(),
                steps.factor(),
                steps.average() == null ? 0 : steps.average().steps(),
                taken.optimizerSteps());
        return new TrainerState(plan().entries(), numbers, taken.tensors());
    }

    private void restore(TrainerState from) {
        plan().check(from, trainer.live.changing());
        TrainerState.PhaseNumbers numbers = from.numbers();
        try (var use = trainer.use()) {
            tensors.put(from);
            steps.restore(numbers.factor());
        }
        meter.restore(numbers.meter());
        before = numbers.before();
        progress = new BestEpoch(phase, before);
        progress.restore(numbers.progress());
        epochs.addAll(numbers.epochs());
        epoch = numbers.epoch();
        batches = numbers.batches();
        spent = Math.round(numbers.seconds() * 1e9);
    }

    /** Made once, and only if it is asked for: hashing the frozen weights takes time. */
    private PhasePlan plan() {
        if (plan == null) {
            plan = trainer.plan().phase(phase, training, validation);
        }
        return plan;
    }

    @Override
    public void close() {
        steps.close();
    }
}
