package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.BatchNormPolicy;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that ended at any moment goes on to the same bundle, byte for byte. */
@Tag("slow")
class ResumedRunTest {
    @TempDir
    Path work;

    private TransferSettings settings() {
        return Runs.head(work)
                .with(TuningSettings.EPOCHS, 3)
                .with(TuningSettings.UNFREEZE, Unfreezing.parse("features.12:2,features.11:3:3e-4"))
                .with(RunSettings.VIEWS, 2);
    }

    private ResumeSettings resuming() {
        return ResumeSettings.in(work.resolve("resume")).every(Duration.ZERO);
    }

    private byte[] bundle(TransferResult result) {
        Path file = work.resolve("out.graft");
        result.bundle().write(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private TransferResult resumed(TransferSettings settings) {
        return TransferRun.run(settings, resuming().resuming(), event -> {}, () -> false);
    }

    /** Ends a run as a crash would: nothing of it is kept but the folder. */
    private void interrupt(TransferSettings settings, String phase, int epoch, int step) {
        String[] running = {""};
        assertThatThrownBy(() -> TransferRun.run(
                        settings,
                        resuming(),
                        event -> {
                            if (event instanceof TransferEvent.PhaseBegun begun) {
                                running[0] = begun.phase();
                            }
                            if (event instanceof TransferEvent.Training training
                                    && training.event() instanceof TrainingEvent.StepDone done
                                    && running[0].equals(phase)
                                    && done.epoch() == epoch
                                    && done.step() == step) {
                                throw new IllegalStateException("crashed");
                            }
                        },
                        () -> false))
                .hasMessage("crashed");
    }

    @ParameterizedTest
    @CsvSource({
        "fine-tune features.12, 1, 1",
        "fine-tune features.12, 2, 2",
        "fine-tune features.11, 1, 1",
        "fine-tune features.11, 2, 3",
        "fine-tune features.11, 3, 3"
    })
    void itGoesOnToTheSameBundle(String phase, int epoch, int step) {
        TransferSettings settings = settings();
        TransferResult whole = Runs.run(settings);
        byte[] expected = bundle(whole);
        interrupt(settings, phase, epoch, step);
        TransferResult result = resumed(settings);
        assertThat(result.phases())
                .extracting(PhaseResult::name)
                .containsExactly("head", "fine-tune features.12", "fine-tune features.11");
        assertThat(result.choice()).isEqualTo(whole.choice());
        assertThat(bundle(result)).isEqualTo(expected);
    }

    @Test
    void withNothingFrozenItReadsOnlyThePicturesThatAreLeft() {
        TransferSettings settings = Runs.uncached(settings()
                .with(TuningSettings.EPOCHS, 2)
                .with(TuningSettings.UNFREEZE, Unfreezing.parse("all"))
                .with(TuningSettings.BATCH_NORM, BatchNormPolicy.MOVING));
        byte[] expected = bundle(Runs.run(settings));
        interrupt(settings, "fine-tune", 2, 2);
        assertThat(bundle(resumed(settings))).isEqualTo(expected);
    }

    @Test
    void otherSettingsOrPicturesAreRefusedWithTheDifferences() throws IOException {
        TransferSettings settings = settings();
        interrupt(settings, "fine-tune features.12", 1, 2);
        assertThatThrownBy(() -> resumed(settings.with(RunSettings.BATCH, 8).with(TuningSettings.PATIENCE, 9)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(work.resolve("resume") + ": the interrupted run cannot be resumed: ")
                .hasMessageContaining("patience was 4, is 9; batch was 4, is 8. Give what it was given");
        Files.delete(work.resolve("pictures/discs/picture0.png"));
        assertThatThrownBy(() -> resumed(settings))
                .hasMessageMatching("(?s).*training pictures was 1\\d \\(\\w+\\), is 1\\d \\(\\w+\\).*");
    }

    @Test
    void whereNothingWasInterruptedThereIsNothingToResume() {
        List<TransferEvent> events = new ArrayList<>();
        assertThatThrownBy(() -> TransferRun.run(settings(), resuming().resuming(), events::add, () -> false))
                .isInstanceOf(GraftException.class)
                .hasMessage(work.resolve("resume") + ": no interrupted run to resume (what is stopped before its"
                        + " fine-tuning keeps nothing, as it is quick); leave resume out to start over");
        assertThat(events).as("what was done before it was said").isEmpty();
    }

    @Test
    void aNewRunBeginsAnew() throws IOException {
        TransferSettings settings = settings();
        interrupt(settings, "fine-tune features.11", 1, 2);
        List<Path> kept = list();
        assertThat(kept).hasSize(2);
        TransferSettings other = settings.with(RunSettings.BATCH, 8);
        byte[] expected = bundle(Runs.run(other));
        assertThat(bundle(TransferRun.run(other, resuming(), event -> {}, () -> false)))
                .isEqualTo(expected);
    }

    private List<Path> list() throws IOException {
        try (var files = Files.list(work.resolve("resume"))) {
            return files.toList();
        }
    }
}
