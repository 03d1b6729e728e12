package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.transfer.config.PreviousModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code train} may be told of an old model. */
final class ContinueOptions {
    private static final List<String> CONTRARY =
            List.of("--model", "--weights", "--backbone", "--cut", "--normalize", "--image-size");

    @Option(
            names = "--continue",
            paramLabel = "MODEL.graft",
            description = "Adds pictures or classes to an old model: starts from its backbone, fine-tuned as it is, and"
                    + " says which pictures it got right that the new one gets wrong. FOLDER holds all pictures that the"
                    + " new model is to know, the old ones too, as its head is a new one.")
    private @Nullable Path old;

    @Option(
            names = "--drop-classes",
            description = "With --continue: lets the new model forget classes that have no folder.")
    private boolean dropClasses;

    /**
     * Looks whether the options contradict each other.
     *
     * @param given whether the user gave an option
     */
    void check(Predicate<String> given) {
        if (old == null) {
            if (dropClasses) {
                throw new GraftException("--drop-classes goes with --continue MODEL.graft only");
            }
            return;
        }
        CONTRARY.stream().filter(given).findFirst().ifPresent(option -> {
            throw new GraftException("--continue MODEL.graft starts from that model's backbone, weights and image size;"
                    + " leave " + option + " out");
        });
    }

    /**
     * The old model, if there is one.
     *
     * @throws GraftException if it cannot be used
     */
    Optional<PreviousModel> read() {
        return Optional.ofNullable(old).map(file -> PreviousModel.read(file).dropClasses(dropClasses));
    }
}
