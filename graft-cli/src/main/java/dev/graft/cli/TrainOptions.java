package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.heads.Head;
import dev.graft.preprocessing.PixelRange;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.zoo.Pretrained;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code train} may be told that takes several options; {@link SettingOptions} has the others. */
final class TrainOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(
            paramLabel = "FOLDER",
            description = "One subfolder of pictures a class, or folders train, val and test of that form; or a list of"
                    + " pictures in a CSV or JSON Lines file.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The backbone; 'graft models' lists them; 'best' for the best that is here (default:"
                    + " ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Pretrained model;

    @Option(names = "--weights", paramLabel = "FILE", description = "Other weights for that backbone.")
    private @Nullable Path weights;

    @Option(
            names = "--backbone",
            paramLabel = "FILE.onnx",
            description = "Any network in an ONNX file in the place of --model; it stays frozen.")
    private @Nullable Path backbone;

    @Option(
            names = "--cut",
            paramLabel = "NODE",
            description =
                    "With --backbone: the node or value whose features the new head takes; else what the last dense"
                            + " layer takes.")
    private @Nullable String cut;

    @Option(
            names = "--normalize",
            paramLabel = "imagenet|half|unit|none",
            description = "With --backbone: what its network takes for pixels: ImageNet's mean and std, -1 to 1, 0"
                    + " to 1, or 0 to 255 (default: imagenet; none for what 'graft export' has written).")
    private @Nullable String normalize;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ContinueOptions continueOptions;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private HeadOptions headOptions;

    Path folder() {
        return folder;
    }

    /**
     * The settings that were asked for.
     *
     * @throws ParameterException if a number is out of range or a name unknown
     * @throws GraftException if an old model is to be continued that cannot be used
     */
    TransferSettings settings() {
        TransferSettings settings = checked();
        return continueOptions
                .read()
                .map(old -> settings.with(BackboneSettings.BACKBONE, old))
                .orElse(settings);
    }

    private TransferSettings checked() {
        try {
            continueOptions.check(this::given);
            checkBackbone();
            Head head = headOptions.head(this::given);
            TransferSettings settings = TransferSettings.of(folder).with(BackboneSettings.BACKBONE, source());
            settings = head == null ? settings : settings.with(HeadSettings.HEAD, head);
            settings = SettingOptions.apply(settings, command.commandLine().getParseResult());
            new Exclusions(this::given).check(settings, head);
            return settings;
        } catch (GraftException e) {
            throw wrong(Failures.ours(e));
        }
    }

    private BackboneSource source() {
        return backbone == null
                ? new BackboneSource.OfZoo(model.name(), weights)
                : new BackboneSource.OnnxFile(backbone, cut, pixels(normalize));
    }

    private void checkBackbone() {
        if (backbone == null) {
            if (cut != null || normalize != null) {
                throw wrong("--cut and --normalize go with --backbone FILE.onnx only");
            }
        } else if (given("--model") || weights != null) {
            throw wrong("--backbone FILE.onnx has its own weights; give it without --model and --weights");
        }
    }

    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    private static @Nullable PixelRange pixels(@Nullable String name) {
        return name == null ? null : Constants.of("--normalize", name, PixelRange.values());
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** Takes the default from its declaration, so that it is written down once. */
    static final class Defaults implements IDefaultValueProvider {
        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option && option.longestName().equals("--model")
                    ? BackboneSettings.BACKBONE.standard().toString()
                    : null;
        }
    }
}
