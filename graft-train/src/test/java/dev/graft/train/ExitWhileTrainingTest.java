package dev.graft.train;

import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.testing.Engines;
import dev.graft.testing.ExitingProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code System.exit} in one thread while others train; nobody closes their trainers. */
@Tag("slow")
class ExitWhileTrainingTest {
    @TempDir
    Path folder;

    static final class Training {
        private Training() {}

        public static void main(String[] arguments) throws InterruptedException {
            ExitingProcess.workAndExit(() -> {
                Network network = Network.of(Tiny.convolutions(), 1);
                Batches pictures = Tiny.pictures(8, 4, 2);
                Trainer trainer =
                        Trainer.on(Engines.ONE_THREAD).compile(network, Optimizer.adam(0.01), Loss.crossEntropy());
                trainer.fit(pictures, pictures, Phase.of("short", 2).ema(0.9));
            });
        }
    }

    @Test
    @Timeout(60)
    void theProcessEndsAsItWasTold() throws IOException, InterruptedException {
        ExitingProcess.endsQuietly(Training.class, folder);
    }
}
