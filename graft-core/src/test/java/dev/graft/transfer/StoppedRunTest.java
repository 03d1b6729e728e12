package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.train.History;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that its user ends keeps the best weights so far, wherever it was. */
class StoppedRunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @BeforeEach
    void draw() throws IOException {
        for (int i = 0; i < 6; i++) {
            draw(temporary.resolve("pictures/dark/" + i + ".png"), 0x101010 * (i + 1));
            draw(temporary.resolve("pictures/light/" + i + ".png"), 0xFFFFFF - 0x101010 * i);
        }
    }

    private static void draw(Path file, int colour) throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            image.setRGB(i % 32, i / 32, colour);
        }
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    private TransferResult run(Predicate<TransferEvent> stopAt) {
        TransferSettings settings = TransferSettings.of(temporary.resolve("pictures"))
                .base(new TransferSettings.Base("mobilenet_v3_small", null, 64))
                .head(new TransferSettings.Head(3, 1e-3))
                .cache(new TransferSettings.Cache(temporary.resolve("cache"), true, 1 << 30));
        AtomicBoolean stop = new AtomicBoolean();
        return TransferRun.run(
                settings,
                event -> {
                    if (stopAt.test(event)) {
                        stop.set(true);
                    }
                },
                stop::get);
    }

    private static boolean passes(TransferEvent event, String phase) {
        return event instanceof TransferEvent.FrozenPass pass && pass.phase().equals(phase);
    }

    @Test
    void whileTheSecondPhaseIsPreparedTheFirstOnesResultIsKept() {
        TransferResult result = run(event -> passes(event, "fine-tune"));
        assertThat(result.histories()).extracting(History::phase).containsExactly("head");
        assertThat(result.histories().get(0).epochs()).hasSize(3);
        assertThat(result.validation().total()).isEqualTo(2);
        assertThat(result.frozen()).containsOnlyKeys("head");
    }

    @Test
    void beforeAnythingIsTrainedThereIsNothingToKeep() {
        assertThatThrownBy(() -> run(event -> passes(event, "head")))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("stopped before training began; nothing was saved");
    }
}
