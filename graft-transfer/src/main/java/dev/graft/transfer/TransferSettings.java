package dev.graft.transfer;

import dev.graft.GraftHome;
import dev.graft.SettingException;
import dev.graft.data.ImageFolder;
import dev.graft.preprocessing.PixelRange;
import dev.graft.train.Optimizer;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run is told. Start with {@link #of} and change what is to be different.
 *
 * @param recipe what is left open is decided by
 * @param batchSize examples a step
 * @param views views of each training picture that epochs rotate through; 1 is no augmentation, {@link #CHOOSE} as many as
 *     suit each phase
 * @param seed decides the split, the fresh head, the order and the views; the same seed gives the same model
 * @param threads how many cores are used
 */
public record TransferSettings(
        Data data,
        Base base,
        Recipe recipe,
        HeadSettings head,
        FineTuning fineTuning,
        Cache cache,
        int batchSize,
        int views,
        long seed,
        int threads) {
    /** Views where each goes through the frozen layers once. */
    private static final int TUNING_VIEWS = 4;

    private static final int MOST_VIEWS = 10_000;
    /** More cores than any machine has that a run is for. */
    public static final int MOST_THREADS = 1024;

    /** Lets the run choose a number. */
    public static final int CHOOSE = -1;

    /** Fine-tunes from the stage that suits the backbone. */
    public static final String AUTO = "auto";

    /** What of a network from an ONNX file can be fine-tuned. */
    static final String NOTHING = "nothing";

    /**
     * The pictures.
     *
     * @param folder one subfolder a class, or {@code train}, {@code val} and {@code test} folders of that form
     * @param validation another folder to validate on, else one is split off
     * @param test another folder to test on
     * @param testShare the share that is split off for testing where there is no test folder, 0 for none
     * @param skipUnreadable goes on although more than a tenth of the pictures cannot be read
     * @param groupBy a regular expression for the origin of a picture, whose pictures stay on one side of the split, as
     *     {@link dev.graft.data.PictureGroups#byName} says; or null
     * @param balance what is done about classes of different sizes
     */
    public record Data(
            Path folder,
            @Nullable Path validation,
            @Nullable Path test,
            double testShare,
            boolean skipUnreadable,
            @Nullable String groupBy,
            Balance balance) {
        /** Without origins, each picture counting alike. */
        public Data(
                Path folder, @Nullable Path validation, @Nullable Path test, double testShare, boolean skipUnreadable) {
            this(folder, validation, test, testShare, skipUnreadable, null, Balance.NONE);
        }

        public Data groupBy(@Nullable String pattern) {
            return new Data(folder, validation, test, testShare, skipUnreadable, pattern, balance);
        }

        public Data balance(Balance other) {
            return new Data(folder, validation, test, testShare, skipUnreadable, groupBy, other);
        }
    }

    /**
     * The pretrained network.
     *
     * @param model its name in the zoo
     * @param weights a file with other weights for it, else the publisher's
     * @param imageSize the side of the square input in pixels, 0 for the size it was trained at
     * @param onnx a file whose network takes the place of the zoo's, else null
     * @param continued an old model whose weights take the place of the file's, else null
     */
    public record Base(
            String model,
            @Nullable Path weights,
            int imageSize,
            @Nullable OnnxBase onnx,
            @Nullable PreviousModel continued) {
        public Base(String model, @Nullable Path weights, int imageSize) {
            this(model, weights, imageSize, null, null);
        }
    }

    /**
     * Any network in an ONNX file, which stays frozen.
     *
     * @param cut the node or value whose features the head takes, or null for what the last dense layer takes
     * @param pixels what the network takes for pixels, or null for ImageNet's normalisation; what Graft has exported
     *     takes pixels as they are
     */
    public record OnnxBase(
            Path file, @Nullable String cut, @Nullable PixelRange pixels) {
        /** Cut and fed as files usually are. */
        public static OnnxBase of(Path file) {
            return new OnnxBase(file, null, null);
        }
    }

    /**
     * The store of frozen activations.
     *
     * @param folder where it is
     * @param enabled false computes them again in each epoch
     * @param capBytes how much it may hold
     */
    public record Cache(Path folder, boolean enabled, long capBytes) {
        public static final long DEFAULT_CAP = 20L << 30;

        public static Cache standard() {
            return new Cache(GraftHome.get().cache(), true, DEFAULT_CAP);
        }
    }

    public TransferSettings {
        positive("batch", batchSize);
        if (views != CHOOSE) {
            positive("views", views);
            atMost(MOST_VIEWS, "views", views);
        }
        boolean moving = fineTuning.batchNorm() == BatchNormPolicy.MOVING && fineTuning.epochs() != 0;
        if (moving && batchSize == 1) {
            throw new SettingException(
                    "batch",
                    "with --batch-norm moving a batch needs at least 2 pictures, as one has no"
                            + " statistics; give --batch 2 or more");
        }
        positive("threads", threads);
        atMost(MOST_THREADS, "threads", threads);
        if (!first(head, fineTuning)) {
            throw new SettingException(
                    "no-head-first",
                    "without a first phase, there must be another; give" + " --fine-tune-epochs above 0");
        }
        if (!(data.testShare() >= 0 && data.testShare() + ImageFolder.VALIDATION_SHARE < 1)) {
            throw new SettingException("test-split", "expected a share from 0 to below 0.8, got " + data.testShare());
        }
    }

    /** How many views of each picture the head is trained on. */
    int headViews() {
        return views == CHOOSE ? 1 : views;
    }

    /**
     * How many views of each picture a phase of fine-tuning has. Where nothing is frozen a view costs nothing, so each epoch
     * has its own.
     */
    int tuningViews(boolean nothingFrozen, int epochs) {
        return views != CHOOSE ? views : nothingFrozen ? epochs : Math.min(epochs, TUNING_VIEWS);
    }

    private static boolean first(HeadSettings head, FineTuning tuning) {
        return head.first() || tuning.epochs() != 0;
    }

    /** The defaults for a folder of pictures. */
    public static TransferSettings of(Path folder) {
        return new TransferSettings(
                new Data(folder, null, null, 0, false),
                new Base(Zoo.DEFAULT, null, 0),
                Recipe.AUTO,
                HeadSettings.standard(),
                FineTuning.standard(),
                Cache.standard(),
                32,
                CHOOSE,
                42,
                Runtime.getRuntime().availableProcessors());
    }

    public TransferSettings data(Data other) {
        return new TransferSettings(other, base, recipe, head, fineTuning, cache, batchSize, views, seed, threads);
    }

    public TransferSettings base(Base other) {
        return new TransferSettings(data, other, recipe, head, fineTuning, cache, batchSize, views, seed, threads);
    }

    /** With a network from an ONNX file, at the size that it names, and no second phase. */
    public TransferSettings onnx(OnnxBase other) {
        return base(new Base(String.valueOf(other.file().getFileName()), null, base.imageSize(), other, null))
                .fineTuning(fineTuning.epochs(0));
    }

    /** From where an old model is: with its backbone, at its size, pooled as there. */
    public TransferSettings continuing(PreviousModel old) {
        return base(old.base()).head(head.pooling(old.pooling()));
    }

    public TransferSettings recipe(Recipe other) {
        return new TransferSettings(data, base, other, head, fineTuning, cache, batchSize, views, seed, threads);
    }

    public TransferSettings head(HeadSettings other) {
        return new TransferSettings(data, base, recipe, other, fineTuning, cache, batchSize, views, seed, threads);
    }

    public TransferSettings fineTuning(FineTuning other) {
        return new TransferSettings(data, base, recipe, head, other, cache, batchSize, views, seed, threads);
    }

    public TransferSettings cache(Cache other) {
        return new TransferSettings(data, base, recipe, head, fineTuning, other, batchSize, views, seed, threads);
    }

    public TransferSettings batchSize(int other) {
        return new TransferSettings(data, base, recipe, head, fineTuning, cache, other, views, seed, threads);
    }

    public TransferSettings views(int other) {
        return new TransferSettings(data, base, recipe, head, fineTuning, cache, batchSize, other, seed, threads);
    }

    public TransferSettings seed(long other) {
        return new TransferSettings(data, base, recipe, head, fineTuning, cache, batchSize, views, other, threads);
    }

    public TransferSettings threads(int other) {
        return new TransferSettings(data, base, recipe, head, fineTuning, cache, batchSize, views, seed, other);
    }

    /**
     * What decides the weights that come out, by the names of the options, as numbers, booleans and words: what a bundle
     * keeps, and a resumed run must have.
     */
    public Map<String, Object> describe() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("recipe", lower(recipe));
        described.put("batch", batchSize);
        described.put("views", views == CHOOSE ? "auto" : views);
        described.put("seed", seed);
        described.put("head", head.head() == null ? "auto" : head.head().toString());
        described.put("pooling", lower(head.pooling()));
        described.put("head_first", head.first());
        described.put("head_epochs", head.epochs() == CHOOSE ? "auto" : head.epochs());
        described.put("head_lr", head.learningRate());
        described.put("fine_tune_epochs", fineTuning.epochs());
        described.put("unfreeze", fineTuning.unfreeze());
        described.put("batch_norm", lower(fineTuning.batchNorm()));
        Rates rates = fineTuning.rates();
        described.put("fine_tune_lr", rates.learningRate());
        described.put("layer_decay", rates.layerDecay() == Rates.EVEN ? "even" : rates.layerDecay());
        rates.groups().forEach(group -> described.put("rate " + group.glob(), group.learningRate()));
        described.put("schedule", lower(rates.curve()));
        described.put("warm_up", rates.warmUp());
        described.put("weight_decay", rates.weightDecay());
        described.put("clip_norm", rates.clipNorm());
        described.put("accumulate", fineTuning.stepping().batches());
        described.put("ema", fineTuning.stepping().averageDecay());
        described.put("patience", fineTuning.patience());
        described.put("label_smoothing", fineTuning.labelSmoothing());
        described.put("blend", fineTuning.blend());
        return described;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void positive(String name, int number) {
        if (number < 1) {
            throw new SettingException(name, "expected at least 1, got " + number);
        }
    }

    private static void atMost(int most, String name, int number) {
        if (number > most) {
            throw new SettingException(name, "expected at most " + most + ", got " + number);
        }
    }

    static void rate(String name, double number) {
        if (!(number > 0)) {
            throw new SettingException(name, "expected a learning rate above 0, got " + number);
        }
        if (number > Optimizer.HIGHEST_RATE) {
            throw new SettingException(
                    name, "expected a learning rate of at most 1e15, usually 1e-5 to 1e-2, got " + number);
        }
    }
}
