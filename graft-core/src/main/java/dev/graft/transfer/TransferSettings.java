package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.data.ImageFolder;
import dev.graft.preprocessing.PixelRange;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run is told. Start with {@link #of} and change what is to be different.
 *
 * @param batchSize examples a step
 * @param views views of each training picture that epochs rotate through; 1 is no augmentation
 * @param seed decides the split, the fresh head, the order and the views; the same seed gives the same model
 * @param threads how many cores are used
 */
public record TransferSettings(
        Data data,
        Base base,
        Head head,
        FineTuning fineTuning,
        Cache cache,
        int batchSize,
        int views,
        long seed,
        int threads) {
    /** Lets the run choose a number of epochs. */
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
     */
    public record Base(
            String model,
            @Nullable Path weights,
            int imageSize,
            @Nullable OnnxBase onnx) {
        public Base(String model, @Nullable Path weights, int imageSize) {
            this(model, weights, imageSize, null);
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

    /** The first phase: the new head on the frozen backbone. */
    public record Head(int epochs, double learningRate) {}

    /**
     * The second phase.
     *
     * @param epochs 0 leaves it out
     * @param unfreeze from which stage on the backbone trains: a stage's name, how many layers from the end,
     *     {@code all}, or {@link #AUTO}
     */
    public record FineTuning(int epochs, double learningRate, String unfreeze) {}

    /**
     * The store of frozen activations.
     *
     * @param folder where it is
     * @param enabled false computes them anew in each epoch
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
        positive("views", views);
        positive("threads", threads);
        if (head.epochs() != CHOOSE) {
            positive("epochs", head.epochs());
        }
        if (fineTuning.epochs() < 0) {
            throw new GraftException("fine-tune-epochs: expected 0 or more, got " + fineTuning.epochs());
        }
        rate("lr", head.learningRate());
        rate("fine-tune-lr", fineTuning.learningRate());
        if (!(data.testShare() >= 0 && data.testShare() + ImageFolder.VALIDATION_SHARE < 1)) {
            throw new GraftException("test-split: expected a share from 0 to below 0.8, got " + data.testShare());
        }
    }

    /** The defaults for a folder of pictures. */
    public static TransferSettings of(Path folder) {
        return new TransferSettings(
                new Data(folder, null, null, 0, false),
                new Base(Zoo.DEFAULT, null, 0),
                new Head(CHOOSE, 1e-3),
                new FineTuning(5, 1e-4, AUTO),
                Cache.standard(),
                32,
                1,
                42,
                Runtime.getRuntime().availableProcessors());
    }

    public TransferSettings data(Data other) {
        return new TransferSettings(other, base, head, fineTuning, cache, batchSize, views, seed, threads);
    }

    public TransferSettings base(Base other) {
        return new TransferSettings(data, other, head, fineTuning, cache, batchSize, views, seed, threads);
    }

    /** With a network from an ONNX file, at the size that it names, and no second phase. */
    public TransferSettings onnx(OnnxBase other) {
        return base(new Base(String.valueOf(other.file().getFileName()), null, base.imageSize(), other))
                .fineTuning(new FineTuning(0, fineTuning.learningRate(), fineTuning.unfreeze()));
    }

    public TransferSettings head(Head other) {
        return new TransferSettings(data, base, other, fineTuning, cache, batchSize, views, seed, threads);
    }

    public TransferSettings fineTuning(FineTuning other) {
        return new TransferSettings(data, base, head, other, cache, batchSize, views, seed, threads);
    }

    public TransferSettings cache(Cache other) {
        return new TransferSettings(data, base, head, fineTuning, other, batchSize, views, seed, threads);
    }

    public TransferSettings batchSize(int examples) {
        return new TransferSettings(data, base, head, fineTuning, cache, examples, views, seed, threads);
    }

    public TransferSettings views(int count) {
        return new TransferSettings(data, base, head, fineTuning, cache, batchSize, count, seed, threads);
    }

    public TransferSettings seed(long number) {
        return new TransferSettings(data, base, head, fineTuning, cache, batchSize, views, number, threads);
    }

    public TransferSettings threads(int count) {
        return new TransferSettings(data, base, head, fineTuning, cache, batchSize, views, seed, count);
    }

    private static void positive(String name, int number) {
        if (number < 1) {
            throw new GraftException(name + ": expected at least 1, got " + number);
        }
    }

    private static void rate(String name, double number) {
        if (!(number > 0 && number < Double.POSITIVE_INFINITY)) {
            throw new GraftException(name + ": expected a learning rate above 0, got " + number);
        }
    }
}
