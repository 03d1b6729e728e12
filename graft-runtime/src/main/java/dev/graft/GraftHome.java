package dev.graft;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder where Graft keeps what it can make or fetch again: the cache of frozen activations, downloaded weights,
 * unpacked natives. It is the system property {@code graft.home}, else {@code $GRAFT_HOME}, else {@code .graft} in the
 * user's home, which on Unix is {@code $HOME}; where that cannot be, a folder of the user's among the temporary files. It
 * is safe to delete.
 */
public record GraftHome(Path folder) {
    public static GraftHome get() {
        String named = System.getProperty("graft.home", System.getenv("GRAFT_HOME"));
        if (named != null && !named.isBlank()) {
            return new GraftHome(Path.of(named));
        }
        return new GraftHome(of(UserHome.get(), Path.of(System.getProperty("java.io.tmpdir"))));
    }

    /** The folder of a user, whose home may be missing, may be of no use and need not be there. */
    static Path of(@Nullable Path home, Path temporary) {
        Path wanted = home == null ? null : home.resolve(".graft");
        if (wanted != null && UserHome.canHold(wanted)) {
            return wanted;
        }
        Path other = UserHome.below(temporary);
        if (other != null) {
            return other;
        }
        // Whoever needs it says that it cannot be written.
        return wanted != null ? wanted : temporary.resolve("graft");
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
