package dev.graft.bundle;

import dev.graft.GeneratedPictures;
import dev.graft.data.UnreadablePictureException;
import dev.graft.testing.ExitingProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code System.exit} in one thread while others predict, or open a classifier; nobody closes any. */
@Tag("slow")
class ExitWhilePredictingTest {
    @TempDir
    Path folder;

    static final class Predicting {
        private Predicting() {}

        public static void main(String[] arguments) throws InterruptedException {
            boolean opening = Boolean.parseBoolean(arguments[0]);
            Path picture = Path.of(arguments[1]);
            Bundle bundle = TinyBundles.bundle(1);
            Classifier shared = Classifier.open(bundle, "tiny", 1);
            ExitingProcess.workAndExit(() -> {
                try {
                    (opening ? Classifier.open(bundle, "tiny", 1) : shared).predict(picture);
                } catch (UnreadablePictureException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(60)
    void theProcessEndsAsItWasTold(boolean opening) throws IOException, InterruptedException {
        GeneratedPictures.folder(folder.resolve("pictures"), 1, 1);
        try (var pictures = Files.walk(folder)) {
            Path picture = pictures.filter(Files::isRegularFile).findFirst().orElseThrow();
            ExitingProcess.endsQuietly(Predicting.class, folder, opening, picture);
        }
    }
}
