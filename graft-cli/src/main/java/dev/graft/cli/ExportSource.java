package dev.graft.cli;

import dev.graft.bundle.Bundle;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.PublishedClassifier;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What is exported: what the user has trained, or a published network. */
final class ExportSource {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "MODEL.graft", description = "What 'graft train' has made.")
    private @Nullable Path file;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "Instead of one: a published network with its classifier of ImageNet's 1000 classes.")
    private @Nullable Pretrained model;

    @Option(names = "--weights", paramLabel = "FILE", description = "Other weights for that network.")
    private @Nullable Path weights;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Side of its input in pixels; else what it was trained at.")
    private @Nullable Integer imageSize;

    /** The trained model; null for a published one. */
    @Nullable Path file() {
        return file;
    }

    /** As messages name it. */
    String name() {
        return file == null ? Objects.requireNonNull(model).name() : file.toString();
    }

    void check() {
        if ((file == null) == (model == null)) {
            throw wrong("give either a MODEL.graft or --model NAME");
        }
        if (model == null && (weights != null || imageSize != null)) {
            throw wrong("--weights and --image-size go with --model only");
        }
        if (imageSize != null && imageSize < 1) {
            throw wrong("--image-size: expected at least 1, got " + imageSize);
        }
    }

    /** @param notes is told what a user should know of how a file of weights was read */
    Bundle bundle(Consumer<String> notes) {
        if (file != null) {
            return Bundle.read(file);
        }
        return PublishedClassifier.of(Objects.requireNonNull(model), weights, imageSize == null ? 0 : imageSize, notes);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
