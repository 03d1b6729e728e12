package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Network;
import dev.graft.testing.Engines;
import dev.graft.train.listen.Checkpoint;
import dev.graft.train.listen.CsvLog;
import dev.graft.train.listen.ProgressBar;
import dev.graft.train.listen.TensorBoardLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All listeners after a real trainer: what they write is what it did. */
class ListenersTest {
    @TempDir
    private Path folder;

    @Test
    void allListenToOneRun() throws IOException {
        Network network = Tiny.linear(2, 1);
        MemoryBatches batches = Tiny.vectors(40, 10, 1);
        Path best = folder.resolve("best.safetensors");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        History history;
        try (CsvLog csv = CsvLog.to(folder.resolve("log.csv"));
                TensorBoardLog board = TensorBoardLog.to(folder.resolve("board"));
                Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                        .compile(network, Optimizer.sgd(0.1), Loss.crossEntropy(), Metric.accuracy())) {
            trainer.listen(ProgressBar.plain(new PrintStream(printed, false, StandardCharsets.UTF_8))
                    .andThen(csv)
                    .andThen(board)
                    .andThen(Checkpoint.best(network, best)));
            history = trainer.fit(batches, batches, Phase.of("head", 3));
        }
        List<String> rows = Files.readAllLines(folder.resolve("log.csv"));
        assertThat(rows)
                .hasSize(4)
                .first()
                .isEqualTo("phase,epoch,learning_rate,accuracy,loss,val_accuracy,val_loss,seconds");
        History.Epoch third = history.epochs().get(2);
        assertThat(rows.get(3))
                .startsWith("head,3,0.1," + third.training().accuracy() + ","
                        + third.training().loss() + "," + third.validation().accuracy() + ","
                        + third.validation().loss() + ",");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .last()
                .asString()
                .startsWith("head: 3 of 3 epochs done; best is epoch 3 - val_accuracy: ");
        assertThat(folder.resolve("board/train")).isNotEmptyDirectory();
        assertThat(folder.resolve("board/validation")).isNotEmptyDirectory();
        Network loaded = Tiny.linear(2, 9);
        Checkpoint.load(loaded, best);
        assertThat(Tiny.Snapshot.of(loaded).moved(network)).isEmpty();
    }
}
