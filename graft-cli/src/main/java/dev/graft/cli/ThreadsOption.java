package dev.graft.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code --threads}, where it is not a setting of a training. */
final class ThreadsOption {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "N", description = "How many cores are used (default: all).")
    private @Nullable Integer threads;

    int count() {
        if (threads != null && threads < 1) {
            throw new ParameterException(command.commandLine(), "--threads: expected at least 1, got " + threads);
        }
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
