package dev.graft.cli;

import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.estimate.FolderAdvice;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code graft advise}: how to train on a folder of pictures, and what that takes. */
@Command(
        name = "advise",
        header = "Says how to train on a folder of labelled pictures, and what that takes.",
        description = {
            "",
            "Looks at all pictures once, as 'train' does, tries some steps of training and recommends a strategy with its"
                    + " reasons, backbones for three budgets, and the command to run. Nothing is trained; what was computed"
                    + " stays in the cache for that command. The other options are those of 'train'."
        },
        defaultValueProvider = TrainOptions.Defaults.class,
        sortOptions = false,
        sortSynopsis = false,
        abbreviateSynopsis = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  graft advise flowers",
            "  graft advise flowers --model resnet50 --json advice.json",
            "  graft advise flowers --recipe full            what another strategy takes"
        })
final class AdviseCommand implements Callable<Integer>, SettingOptions.Taker {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Output(OutputKind.JSON)
    @Option(
            order = SettingOptions.AFTER,
            names = "--json",
            paramLabel = "FILE",
            description = "Writes the result as JSON too.")
    private @Nullable Path json;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private TrainOptions options;

    AdviseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TransferSettings settings = options.settings();
        FolderAdvice advice = FolderAdvice.of(settings, new TrainingDisplay(terminal, (plan, lost) -> {}, settings));
        String command = AdvisedCommand.of(spec.commandLine().getParseResult(), advice);
        new AdviseText(terminal, advice, command).print();
        if (json != null) {
            JsonFile.write(terminal, json, AdviseJson.of(advice, command));
        }
        return 0;
    }
}
