package dev.graft.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft} alone: says which commands there are. */
@Command(
        name = "graft",
        header = "Turns a folder of labelled pictures into a classifier, by transfer learning.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Try it:",
            "  graft demo --quick                     learns from sample pictures",
            "  graft audit flowers                    looks for copies and leaks first",
            "  graft advise flowers                   says how to train on them, and why",
            "  graft train flowers                    one subfolder of pictures a class",
            "  graft predict flowers.graft rose.jpg   says what is on a picture",
            "",
            "'graft COMMAND --help' tells more. Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
final class GraftCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @SuppressWarnings("unused")
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    private boolean version;

    @Override
    public Integer call() {
        // Wrong usage, answered with what somebody who types 'graft' alone wants to see.
        spec.commandLine().usage(spec.commandLine().getErr());
        return Main.USAGE;
    }
}
