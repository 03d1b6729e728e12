package dev.graft;

import java.nio.file.Path;

/**
 * The folder where Graft keeps what it can make or fetch again: the cache of frozen activations, downloaded weights,
 * unpacked natives. It is the system property {@code graft.home}, else {@code $GRAFT_HOME}, else {@code .graft} in the
 * user's home, and safe to delete.
 */
public record GraftHome(Path folder) {
    public static GraftHome get() {
        String variable = System.getProperty("graft.home", System.getenv("GRAFT_HOME"));
        return new GraftHome(
                variable == null || variable.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".graft")
                        : Path.of(variable));
    }

    /** Activations of frozen layers. */
    public Path cache() {
        return folder.resolve("cache");
    }

    /** Publishers' weights that were downloaded or put there. */
    public Path weights() {
        return folder.resolve("weights");
    }

    public Path natives() {
        return folder.resolve("natives");
    }

    /** Sample pictures of the demo. */
    public Path samples() {
        return folder.resolve("samples");
    }
}
