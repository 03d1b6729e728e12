package dev.graft.transfer.run;

import static dev.graft.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.DivergedException;
import dev.graft.GraftException;
import dev.graft.heads.Head;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Scope;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.TransferEvent.PhaseBegun;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.resume.ResumeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever ends fine-tuning, the model of the head is the result, with the reason. */
@Tag("slow")
class FailedRunTest {
    @TempDir
    Path work;

    private TransferSettings settings(double rate, boolean blend) {
        return Runs.untrained(Runs.head(work))
                .with(HeadSettings.HEAD, new Head.Mean())
                .with(TuningSettings.EPOCHS, 3)
                .with(TuningSettings.UNFREEZE, Unfreezing.stage("features.12"))
                .with(TuningSettings.BLEND, blend)
                .with(TuningSettings.LEARNING_RATE, rate);
    }

    private void assertHeadOnly(TransferResult result) {
        TransferResult headOnly = Runs.run(settings(1, true).with(TuningSettings.EPOCHS, 0));
        headOnly.network().network().weights().forEach((name, weight) -> assertThat(
                        weight.sameBits(result.network().network().weight(name)))
                .as(name)
                .isTrue());
        assertThat(result.validation()).isEqualTo(headOnly.validation());
        assertThat(result.phases()).extracting(PhaseResult::name).containsExactly("head");
        assertThat(result.stopped()).isFalse();
        assertThat(result.choice()).isNull();
        result.bundle().write(work.resolve("out.graft"));
    }

    private static TransferResult.Failure failure(TransferResult result) {
        return Objects.requireNonNull(result.failure());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRateThatDestroysTheNetworkCostsItsPhaseOnly(boolean blend) {
        long live = Scope.liveTensors();
        TransferResult result = Runs.run(settings(1e14, blend));
        assertHeadOnly(result);
        assertThat(failure(result).phase()).isEqualTo("fine-tune");
        assertThat(failure(result).isDivergence()).isTrue();
        assertThat(failure(result).learningRate()).isEqualTo(1e14);
        assertThat(((DivergedException) failure(result).cause()).reason()).startsWith("the loss is ");
        assertThat(Scope.liveTensors()).isEqualTo(live);
    }

    /** Of several phases those that went well stay. */
    @Test
    void theSecondPhaseCostsNotTheFirst() {
        TransferSettings settings = settings(1, false).without(TuningSettings.LEARNING_RATE);
        TransferResult whole = Runs.run(settings.with(TuningSettings.UNFREEZE, Unfreezing.parse("features.12:1:1e-4")));
        TransferResult result = Runs.run(
                settings.with(TuningSettings.UNFREEZE, Unfreezing.parse("features.12:1:1e-4,features.11:2:1e14")));
        assertThat(result.phases()).extracting(PhaseResult::name).containsExactly("head", "fine-tune features.12");
        assertThat(failure(result).phase()).isEqualTo("fine-tune features.11");
        HostTensor kept = result.network().network().weight(Runs.CONVOLUTION);
        assertThat(kept.sameBits(whole.network().network().weight(Runs.CONVOLUTION)))
                .isTrue();
        assertThat(result.validation()).isEqualTo(whole.validation());
    }

    @Test
    void withoutAHeadThereIsNothingToKeep() {
        TransferSettings settings = settings(1e14, true);
        refused(
                () -> Runs.run(Runs.untrained(settings).with(HeadSettings.FIRST, false)),
                "fine-tune diverged: the loss is ",
                " at a learning rate of 1.0E14, so there is nothing to save; lower fine-tune-lr");
        TransferSettings deep = settings.with(HeadSettings.HEAD, new Head.DenseLayers(List.of(4, 4, 4), 0))
                .with(HeadSettings.EPOCHS, 3)
                .with(HeadSettings.LEARNING_RATE, 1e15);
        refused(
                () -> Runs.run(deep),
                "head diverged: the loss is ",
                " at a learning rate of 1.0E15, so there is nothing to save; lower lr");
    }

    /** Where a run that is in a phase fails: when it is asked whether to stop, as good as anywhere. */
    private static final class Trap implements Consumer<TransferEvent>, BooleanSupplier {
        private final Error error;
        private final int steps;
        private boolean tuning;
        private int done;

        Trap(Error error, int steps) {
            this.error = error;
            this.steps = steps;
        }

        @Override
        public void accept(TransferEvent event) {
            tuning |= event instanceof PhaseBegun begun && begun.phase().equals("fine-tune");
            if (tuning
                    && event instanceof TransferEvent.Training training
                    && training.event() instanceof TrainingEvent.StepDone) {
                done++;
            }
        }

        @Override
        public boolean getAsBoolean() {
            if (tuning && done >= steps) {
                throw error;
            }
            return false;
        }
    }

    @Test
    void soDoesShortageOfMemoryAndItCanBeGoneOnWith() throws IOException {
        TransferSettings settings = settings(1e-3, true);
        Trap trap = new Trap(new OutOfMemoryError("Java heap space"), 6);
        ResumeSettings resuming = ResumeSettings.in(work.resolve("resume")).every(Duration.ZERO);
        TransferResult result = TransferRun.run(settings, resuming, trap, trap);
        assertHeadOnly(result);
        assertThat(failure(result).cause()).isSameAs(trap.error);
        assertThat(failure(result).isDivergence()).isFalse();

        TransferResult whole = Runs.run(settings);
        TransferResult resumed = TransferRun.run(settings, resuming.resuming(), event -> {}, () -> false);
        assertThat(resumed.failure()).isNull();
        assertThat(bytes(resumed)).isEqualTo(bytes(whole));
    }

    private byte[] bytes(TransferResult result) throws IOException {
        result.bundle().write(work.resolve("out.graft"));
        return Files.readAllBytes(work.resolve("out.graft"));
    }

    @Test
    void soDoesAPictureThatChangedSinceTheFirstLook() throws IOException {
        TransferSettings settings = settings(1e-3, true);
        Path picture = settings.folder().resolve("discs/picture0.png");
        byte[] sound = Files.readAllBytes(picture);
        TransferResult result = TransferRun.run(
                settings,
                event -> {
                    if (event instanceof PhaseBegun begun && begun.phase().equals("fine-tune")) {
                        try {
                            Files.write(picture, new byte[] {1, 2, 3});
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }
                },
                () -> false);
        assertThat(failure(result).cause()).isInstanceOf(GraftException.class).hasMessageContaining("picture0.png");
        Files.write(picture, sound);
        assertHeadOnly(result);
    }

    /** What the caller's own code throws is the caller's. */
    @Test
    void aListenerThatFailsEndsTheRun() {
        assertThatThrownBy(() -> TransferRun.run(
                        settings(1e-3, true),
                        event -> {
                            if (event instanceof PhaseBegun begun
                                    && begun.phase().equals("fine-tune")) {
                                throw new IllegalStateException("mine");
                            }
                        },
                        () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mine");
    }

    /** Nothing can be kept where a file has the folder's name: training does not need it. */
    @Test
    void whereNothingCanBeKeptForResumingTheRunGoesOn() throws IOException {
        TransferSettings settings = settings(1e-3, true);
        Path file = Files.writeString(work.resolve("resume"), "in the way");
        List<String> notes = new ArrayList<>();
        TransferResult result = TransferRun.run(
                settings,
                ResumeSettings.in(file).every(Duration.ZERO),
                event -> {
                    if (event instanceof TransferEvent.Noted noted) {
                        notes.add(noted.note().toString());
                    }
                },
                () -> false);
        assertThat(result.failure()).isNull();
        assertThat(notes)
                .singleElement()
                .asString()
                .startsWith("training goes on, but resume could not go on from here: ")
                .doesNotContain("\n");
        assertThat(bytes(result)).isEqualTo(bytes(Runs.run(settings)));
    }

    /** 12 pictures in batches of 11, and maps of one pixel: the last one has no statistics of its own. */
    @Test
    void movingStatisticsNeverMeetABatchOfOne() {
        TransferSettings small = settings(1e-4, true)
                .without(TuningSettings.LEARNING_RATE)
                .with(BackboneSettings.IMAGE_SIZE, 32)
                .with(TuningSettings.EPOCHS, 1)
                .with(TuningSettings.BATCH_NORM, BatchNormPolicy.MOVING)
                .with(RunSettings.BATCH, 11);
        TransferResult result = Runs.run(small);
        assertThat(result.parts().train().size()).isEqualTo(12);
        assertThat(result.failure()).isNull();
        assertThat(result.phases()).hasSize(2);
    }

    @Test
    void aBatchMayBeLargerThanTheSet() {
        TransferSettings settings = settings(1e-3, true);
        TransferResult huge = Runs.run(settings.with(RunSettings.BATCH, Integer.MAX_VALUE));
        TransferResult all = Runs.run(settings.with(RunSettings.BATCH, 12));
        assertThat(huge.failure()).isNull();
        assertThat(huge.validation()).isEqualTo(all.validation());
    }
}
