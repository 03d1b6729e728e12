package dev.graft.zoo;

import dev.graft.weights.WeightFile;
import java.util.function.Supplier;

/** Where the weights of a backbone come from. */
public sealed interface WeightSource {
    /** They travel inside Graft. */
    record Packed(Supplier<WeightFile> file) implements WeightSource {}

    /**
     * They are at their publisher's; the user brings them.
     *
     * @param publisher whose weights they are
     * @param file what the publisher calls the file
     * @param names how the weights are called in a file that Graft reads
     */
    record Published(String publisher, String file, String names) implements WeightSource {}
}
