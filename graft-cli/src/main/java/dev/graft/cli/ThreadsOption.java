package dev.graft.cli;

import dev.graft.transfer.config.RunSettings;
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
        if (threads != null && (threads < 1 || threads > RunSettings.MOST_THREADS)) {
            throw new ParameterException(
                    command.commandLine(), "--threads: expected 1 to " + RunSettings.MOST_THREADS + ", got " + threads);
        }
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
