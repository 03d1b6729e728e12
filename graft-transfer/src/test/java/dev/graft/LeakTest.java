package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.bundle.Classifier;
import dev.graft.data.UnreadablePictureException;
import dev.graft.heads.Head;
import dev.graft.testing.NativeMemory;
import dev.graft.torch.Scope;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.run.TransferResult;
import dev.graft.transfer.run.TransferRun;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train, save, open, predict, close, again and again, also with a failure in the middle: nothing stays after. */
@Tag("slow")
class LeakTest {
    private static final int WARM_UP = 4;
    private static final int RUNS = 6;

    @TempDir
    Path work;

    @Test
    void theWholeWayLeavesNoTensorAndNoMemoryBehind() throws UnreadablePictureException {
        Path pictures = GeneratedPictures.folder(work.resolve("pictures"), 2, 6);
        TransferSettings settings = TransferSettings.of(pictures)
                .with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo("mobilenet_v3_small"))
                .with(BackboneSettings.IMAGE_SIZE, 64)
                .with(HeadSettings.EPOCHS, 2)
                .with(HeadSettings.HEAD, new Head.TrainedLinear())
                .with(TuningSettings.EPOCHS, 1)
                .with(TuningSettings.UNFREEZE, Unfreezing.parse("features.9"))
                .with(RunSettings.CACHE, work.resolve("cache"))
                .with(RunSettings.BATCH, 4)
                .with(RunSettings.VIEWS, 2)
                .with(RunSettings.THREADS, 1);
        long live = Scope.liveTensors();
        long warm = 0;
        long last = 0;
        for (int i = 0; i < WARM_UP + RUNS; i++) {
            once(settings.with(RunSettings.SEED, (long) i), pictures);
            assertThat(Scope.liveTensors()).as("after run " + i).isEqualTo(live);
            // After each run: buffers that wait for a collection would take new memory from the system, which keeps it.
            last = megabytes();
            if (i == WARM_UP - 1) {
                warm = last;
            }
        }
        // A run that kept its weights, gradients, optimizer state and sessions would add some 40 MB each time.
        assertThat(last - warm).as("growth in MB over " + RUNS + " runs").isLessThan(60);
    }

    private static long megabytes() {
        return NativeMemory.bytes() >> 20;
    }

    private void once(TransferSettings settings, Path pictures) throws UnreadablePictureException {
        TransferResult result = TransferRun.run(settings, event -> {}, () -> false);
        Path file = work.resolve("out.graft");
        result.bundle().write(file);
        try (Classifier classifier = Classifier.open(file, 2)) {
            classifier.predict(pictures.resolve("discs/picture0.png"));
        }
        assertThatThrownBy(() -> TransferRun.run(settings, failing(), () -> false))
                .hasMessage("a listener failed");
    }

    /** A listener that fails in the middle of fine-tuning. */
    private static Consumer<TransferEvent> failing() {
        String[] phase = {""};
        return event -> {
            if (event instanceof TransferEvent.Training training) {
                if (training.event() instanceof TrainingEvent.PhaseStarted started) {
                    phase[0] = started.phase().name();
                } else if (training.event() instanceof TrainingEvent.StepDone && phase[0].equals("fine-tune")) {
                    throw new GraftException("a listener failed");
                }
            }
        };
    }
}
