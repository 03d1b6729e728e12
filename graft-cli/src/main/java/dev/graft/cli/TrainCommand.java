package dev.graft.cli;

import dev.graft.transfer.config.TransferSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code graft train}: a folder of pictures in, a classifier out. */
@Command(
        name = "train",
        header = "Trains a classifier on a folder of labelled pictures.",
        description = {
            "",
            "First a new head is trained on the pretrained backbone, whose results are computed once and kept; then,"
                    + " unless --fine-tune-epochs is 0, the last stages of the backbone are trained gently with it."
                    + " Ctrl-C ends early and saves the best weights so far.",
            "",
            "What fails once the head is there (a rate so high that training diverges, a full disk, a picture that"
                    + " changed) costs only its phase: the model of before it is saved, a line says so, and the exit code"
                    + " is 1."
        },
        defaultValueProvider = TrainOptions.Defaults.class,
        sortOptions = false,
        sortSynopsis = false,
        abbreviateSynopsis = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  graft train flowers                           makes flowers.graft",
            "  graft train flowers --fine-tune-epochs 0      the head only: in seconds",
            "  graft train flowers --val more --views 4      another folder to validate on, and" + " augmentation",
            "  graft train flowers --unfreeze all --fine-tune-lr 1e-5 --out best.graft",
            "  graft train flowers --backbone network.onnx   on any network in an ONNX file",
            "  graft train flowers --continue flowers.graft  with what was added to the folder"
        })
final class TrainCommand implements Callable<Integer>, SettingOptions.Taker, UnnamedOutput {
    private final Terminal terminal;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private TrainOptions options;

    @Output(OutputKind.MODEL)
    @Option(
            order = SettingOptions.AFTER,
            names = "--out",
            paramLabel = "FILE.graft",
            description = "Where the classifier is saved (default: the folder's name, here).")
    private @Nullable Path out;

    @Option(
            order = SettingOptions.AFTER,
            names = "--resume",
            description =
                    "Goes on with a run that was killed or stopped, with the same options and pictures, to the same"
                            + " weights; it keeps what it needs for that beside the classifier while it trains.")
    private boolean resume;

    @Output(OutputKind.JSON)
    @Option(
            order = SettingOptions.AFTER,
            names = "--json",
            paramLabel = "FILE",
            description = "Writes what happened as JSON too.")
    private @Nullable Path json;

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TransferSettings settings = options.settings();
        Path target = target();
        TrainSession session = new TrainSession(terminal, settings, target, json).resuming(resume);
        session.run();
        if (!session.stopped()) {
            String graft = ProgramName.get();
            terminal.whole("Try it:  " + terminal.bold(graft + " predict " + Text.path(target) + " PICTURE"));
            terminal.whole("         " + graft + " evaluate " + Text.path(target) + " FOLDER");
        }
        return session.exitCode();
    }

    private Path target() {
        return out == null ? defaultTarget(options.folder()) : out;
    }

    @Override
    public Optional<OutputFile> unnamed() {
        return out == null ? Optional.of(new OutputFile(target(), "--out", OutputKind.MODEL)) : Optional.empty();
    }

    /** {@code flowers.graft} for {@code some/flowers}, in the current folder. */
    static Path defaultTarget(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return Path.of((name == null ? "model" : name) + ".graft");
    }
}
