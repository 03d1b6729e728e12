package dev.graft.train.listen;

import dev.graft.GraftException;
import dev.graft.train.TrainingEvent;
import dev.graft.train.TrainingEvent.EpochDone;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what each epoch gave for {@code tensorboard --logdir}, as Keras' callback does: runs {@code train} and
 * {@code validation}, tags {@code epoch_loss}, {@code epoch_accuracy}, {@code epoch_learning_rate}, steps from 0. Steps
 * go on over the phases of a run, so that its curves are one line. Give each run a folder of its own.
 */
public final class TensorBoardLog implements Consumer<TrainingEvent>, AutoCloseable {
    private static final String PREFIX = "epoch_";

    private final Path folder;
    private final Clock clock;
    private final EventFile training;
    private @Nullable EventFile validation;
    private long epochs;

    private TensorBoardLog(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.training = EventFile.in(folder.resolve("train"), clock);
    }

    /**
     * Begins a run in a folder, which is made where it is missing.
     *
     * @throws GraftException if that cannot be done
     */
    public static TensorBoardLog to(Path folder) {
        return to(folder, Clock.systemUTC());
    }

    static TensorBoardLog to(Path folder, Clock clock) {
        return new TensorBoardLog(folder, clock);
    }

    @Override
    public void accept(TrainingEvent event) {
        if (event instanceof EpochDone done) {
            add(EpochValues.of("", done));
        }
    }

    void add(EpochValues values) {
        Map<String, Double> trained = new LinkedHashMap<>(values.training());
        trained.put("learning_rate", values.learningRate());
        training.scalars(epochs, EpochValues.prefixed(PREFIX, trained));
        if (!values.validation().isEmpty()) {
            if (validation == null) {
                validation = EventFile.in(folder.resolve("validation"), clock);
            }
            validation.scalars(epochs, EpochValues.prefixed(PREFIX, values.validation()));
        }
        epochs++;
    }

    @Override
    public void close() {
        training.close();
        if (validation != null) {
            validation.close();
        }
    }
}
