package dev.graft.zoo;

import dev.graft.download.NpmFile;
import dev.graft.download.RemoteFile;
import dev.graft.weights.WeightFile;
import java.util.function.Supplier;

/** Where the weights of a backbone come from. */
public sealed interface WeightSource {
    /** How large the file is in MiB, about. */
    double size();

    /** They travel inside Graft. */
    record Packed(Supplier<WeightFile> file, double size) implements WeightSource {}

    /**
     * They are at their publisher's; the user brings them.
     *
     * @param publisher whose weights they are
     * @param remote where the publisher has the file
     * @param size in MiB, as the publisher says or as the weights need
     */
    record Published(String publisher, RemoteFile remote, double size) implements WeightSource {
        /** What the publisher calls the file. */
        public String file() {
            return remote.name();
        }
    }

    /**
     * They are a file of a package of npm.
     *
     * @param size in MiB
     */
    record Npm(NpmFile file, double size) implements WeightSource {}
}
