package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.Numbers;
import dev.graft.preprocessing.PixelRange;
import dev.graft.transfer.Balance;
import dev.graft.transfer.Recipe;
import dev.graft.transfer.TransferSettings;
import dev.graft.transfer.TransferSettings.Base;
import dev.graft.transfer.TransferSettings.Cache;
import dev.graft.transfer.TransferSettings.Data;
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

/** What {@code train} may be told; what is not given stays as {@link TransferSettings#of} has it. */
final class TrainOptions {
    private static final double BYTES_PER_GB = 1L << 30;
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(
            paramLabel = "FOLDER",
            description = "One subfolder of pictures a class, or folders train, val and test of that form.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--val",
            paramLabel = "DIR",
            description = "Another folder to validate on; else FOLDER/val, or a fifth of the pictures.")
    private @Nullable Path validation;

    @Option(
            names = "--test",
            paramLabel = "DIR",
            description = "Another folder that is used once, at the end; else FOLDER/test, or none.")
    private @Nullable Path test;

    @Option(
            names = "--test-split",
            paramLabel = "SHARE",
            description = "Keeps that share of the pictures back as the test part, such as 0.15.")
    private double testShare;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The backbone; 'graft models' lists them; 'best' for the best that is here" + DEFAULT)
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
            description =
                    "With --backbone: what its network takes for pixels: ImageNet's mean and deviation, -1 to 1, 0"
                            + " to 1, or 0 to 255 (default: imagenet; none for what 'graft export' has written).")
    private @Nullable String normalize;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Side of the input in pixels; else what the backbone was trained at.")
    private @Nullable Integer imageSize;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ContinueOptions continueOptions;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private HeadOptions headOptions;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private TuningOptions tuningOptions;

    @Option(names = "--batch", paramLabel = "N", description = "Pictures a step" + DEFAULT)
    private int batch;

    @Option(
            names = "--views",
            paramLabel = "K",
            description =
                    "Random views of each picture that epochs rotate through; 1 is the picture as it is (default: 1 for"
                            + " the head, 4 where the frozen part's results are kept, one an epoch where nothing is"
                            + " frozen).")
    private @Nullable Integer views;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides all that is random; the same seed gives the same model" + DEFAULT)
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "How many cores are used" + DEFAULT)
    private int threads;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where the results of the frozen layers are kept" + DEFAULT)
    private @Nullable Path cache;

    @Option(names = "--no-cache", description = "Keeps nothing: the frozen layers run in every epoch.")
    private boolean noCache;

    @Option(
            names = "--cache-size",
            paramLabel = "GB",
            description = "How much the cache may hold; what was not used for longest goes first" + DEFAULT)
    private double cacheSize;

    @Option(
            names = "--skip-unreadable",
            description = "Goes on even if more than a tenth of the pictures is unreadable.")
    private boolean skipUnreadable;

    @Option(
            names = "--group-by",
            paramLabel = "REGEX",
            description = "Keeps pictures of one origin, a patient or a film, on one side of the split: those for which"
                    + " the expression finds the same in the path below the class's folder, in its first group if it"
                    + " has one.")
    private @Nullable String groupBy;

    @Option(
            names = "--balance",
            paramLabel = "none|weights|sampling",
            description = "What is done about classes of different sizes: nothing, pictures of rare ones count more, or"
                    + " come more often (default: none).")
    private @Nullable String balance;

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
        return continueOptions.apply(asked(), given("--pooling"));
    }

    private TransferSettings asked() {
        atLeast(1, "--image-size", imageSize);
        atLeast(1, "--views", views);
        if (!(cacheSize > 0 && cacheSize < Integer.MAX_VALUE)) {
            throw wrong("--cache-size: expected gigabytes above 0, got " + cacheSize);
        }
        try {
            continueOptions.check(this::given);
            checkBackbone();
            TransferSettings settings = unchecked(model.name());
            new Exclusions(this::given).check(tuningOptions, settings.head().head(), backbone != null);
            return backbone == null
                    ? settings
                    : settings.onnx(new TransferSettings.OnnxBase(backbone, cut, pixels(normalize)));
        } catch (GraftException e) {
            throw wrong(Failures.ours(e));
        }
    }

    private void checkBackbone() {
        if (backbone == null) {
            if (cut != null || normalize != null) {
                throw wrong("--cut and --normalize go with --backbone FILE.onnx only");
            }
        } else if (given("--model") || weights != null) {
            throw wrong("--backbone FILE.onnx has its own weights; give it without --model and --weights");
        } else if (tuningOptions.isAsked()) {
            throw wrong("--backbone FILE.onnx stays frozen, as ONNX Runtime computes no gradients; leave"
                    + " --recipe, --fine-tune-epochs and --unfreeze out");
        }
    }

    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    private Balance balance() {
        return balance == null ? Balance.NONE : Constants.of("--balance", balance, Balance.values());
    }

    private @Nullable PixelRange pixels(@Nullable String name) {
        return name == null ? null : Constants.of("--normalize", name, PixelRange.values());
    }

    private TransferSettings unchecked(String name) {
        Recipe recipe = tuningOptions.recipe();
        TransferSettings settings = TransferSettings.of(folder);
        return settings.recipe(recipe)
                .data(new Data(folder, validation, test, testShare, skipUnreadable, groupBy, balance()))
                .base(new Base(name, weights, imageSize == null ? 0 : imageSize))
                .head(headOptions.settings(recipe, settings.head()))
                .fineTuning(tuningOptions.settings(recipe))
                .cache(new Cache(
                        cache == null ? Cache.standard().folder() : cache,
                        !noCache,
                        Math.round(cacheSize * BYTES_PER_GB)))
                .batchSize(batch)
                .views(views == null ? TransferSettings.CHOOSE : views)
                .seed(seed)
                .threads(threads);
    }

    private void atLeast(int least, String option, @Nullable Integer number) {
        if (number != null && number < least) {
            throw wrong(option + ": expected at least " + least + ", got " + number);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** Takes the defaults from {@link TransferSettings#of}, so that they are written down once. */
    static final class Defaults implements IDefaultValueProvider {
        private final TransferSettings settings = TransferSettings.of(Path.of("."));

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            if (!(argument instanceof OptionSpec option)) {
                return null;
            }
            return switch (option.longestName()) {
                case "--model" -> settings.base().model();
                case "--batch" -> Integer.toString(settings.batchSize());
                case "--seed" -> Long.toString(settings.seed());
                case "--threads" -> Integer.toString(settings.threads());
                case "--cache" -> settings.cache().folder().toString();
                case "--cache-size" -> Numbers.text(settings.cache().capBytes() / BYTES_PER_GB);
                default -> null;
            };
        }
    }
}
