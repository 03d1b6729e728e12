package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.torch.Scope;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.TransferSettings;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends a run cleanly wherever it comes, with the best weights so far. */
class StoppedRunTest {
    @TempDir
    Path work;

    private final AtomicBoolean stop = new AtomicBoolean();

    private TransferResult stoppedAt(TransferSettings settings, Predicate<TransferEvent> moment) {
        return TransferRun.run(
                settings,
                event -> {
                    if (moment.test(event)) {
                        stop.set(true);
                    }
                },
                stop::get);
    }

    private static Predicate<TransferEvent> pass(String phase, int done) {
        return event ->
                event instanceof TransferEvent.FrozenPass pass && pass.phase().equals(phase) && pass.done() == done;
    }

    @Test
    void inTheFirstPassThereIsNothingToKeepButTheCache() {
        long live = Scope.liveTensors();
        TransferSettings settings = Runs.head(work);
        assertThatThrownBy(() -> stoppedAt(settings, pass(TransferEvent.EXTRACTION, 5)))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "stopped before training began; nothing was saved, the next run goes on from what is cached");
        assertThat(Scope.liveTensors()).isEqualTo(live);
        assertThat(Runs.run(settings).cache().hits())
                .as("what was computed is used")
                .isEqualTo(5);
    }

    @Test
    void withoutACacheNothingIsSaidOfIt() {
        assertThatThrownBy(() -> stoppedAt(Runs.uncached(Runs.head(work)), pass(TransferEvent.EXTRACTION, 5)))
                .hasMessage("stopped before training began; nothing was saved");
    }

    @Test
    void inTheHeadTheBestWeightsSoFarAreTheResult() {
        TransferSettings settings = Runs.trained(Runs.fineTuned(work, "features.12"), 50, 1e-2);
        TransferResult result = stoppedAt(
                settings,
                event -> event instanceof TransferEvent.Training training
                        && training.event() instanceof TrainingEvent.StepDone step
                        && step.epoch() == 3
                        && step.step() == 2);
        assertThat(result.stopped()).isTrue();
        assertThat(result.histories()).hasSize(1);
        assertThat(result.histories().get(0).bestEpoch()).isPositive();
        assertThat(result.validation().accuracy())
                .isEqualTo(result.histories().get(0).best().accuracy());
        result.bundle().write(work.resolve("stopped.graft"));
    }

    @Test
    void inTheSecondPassTheTrainedHeadIsKept() {
        TransferSettings settings = Runs.fineTuned(work, "features.12");
        TransferResult result = stoppedAt(settings, pass("fine-tune", 3));
        assertThat(result.stopped()).isTrue();
        assertThat(result.histories()).hasSize(1);
        TransferResult headOnly = Runs.run(Runs.head(work));
        assertThat(result.network().network().weight("head.weight").toArray())
                .isEqualTo(headOnly.network().network().weight("head.weight").toArray());
        assertThat(result.validation()).isEqualTo(headOnly.validation());
        result.bundle().write(work.resolve("stopped.graft"));
    }

    @Test
    void betweenThePhasesTheRunCountsAsStopped() {
        TransferResult result = stoppedAt(
                Runs.fineTuned(work, "features.12"),
                event -> event instanceof TransferEvent.Training training
                        && training.event() instanceof TrainingEvent.PhaseDone);
        assertThat(result.stopped()).isTrue();
        assertThat(result.histories()).hasSize(1);
    }
}
