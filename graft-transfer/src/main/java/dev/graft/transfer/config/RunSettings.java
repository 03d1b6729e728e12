package dev.graft.transfer.config;

import dev.graft.GraftHome;
import dev.graft.preprocessing.Augmentation;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.Kind;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;

/** What concerns a run as a whole. */
public final class RunSettings {
    /** More cores than any machine has that a run is for. */
    public static final int MOST_THREADS = 1024;

    private static final int MOST_VIEWS = 10_000;
    private static final double MOST_ALPHA = 100;

    /** What decides what is not given. */
    public static final FixedSetting<Recipe> RECIPE = Setting.fixed(
            "recipe",
            Kind.oneOf(Recipe.class),
            Recipe.AUTO,
            "What decides what is not given: auto is what the advice says; head is the head only; last and full train"
                    + " the last stages or all of the backbone after it; classic is what tutorials do");

    /** Examples a step. */
    public static final FixedSetting<Integer> BATCH =
            Setting.fixed("batch", Kind.integer("N", 1, Integer.MAX_VALUE), 32, "Pictures a step");

    /** Views of each training picture that epochs rotate through; 1 is no augmentation. */
    public static final OpenSetting<Integer> VIEWS = Setting.open(
            "views",
            Kind.integer("K", 1, MOST_VIEWS),
            "1 for the head, 4 where the frozen part's results are kept, one an epoch where nothing is frozen",
            "Random views of each picture that epochs rotate through; 1 is the picture as it is");

    /** What random views show of a picture. */
    public static final FixedSetting<Augmentation> AUGMENT = Setting.fixed(
            "augment",
            Kind.of("none|standard|trivial|rand|FILE", Augmentations::parse, Augmentations::text),
            Augmentation.standard(),
            "What random views of a picture show: nothing else; crops, flips and colours; TrivialAugment or RandAugment"
                    + " beside crops and flips; or a list of layers in a JSON file");

    /** How far pictures of a batch are mixed with one another where gradients train, 0 for not at all. */
    public static final FixedSetting<Double> MIX_UP = Setting.fixed(
            "mixup",
            Kind.number("ALPHA").only(alpha -> alpha >= 0 && alpha <= MOST_ALPHA, "0 or more, at most 100"),
            0.0,
            "Mixes what gradients train on, and its targets, by shares of Beta(ALPHA, ALPHA), such as 0.2; 0 for not at all");

    /** Decides the split, the fresh head, the order and the views. */
    public static final FixedSetting<Long> SEED =
            Setting.fixed("seed", Kind.whole(), 42L, "Decides all that is random; the same seed gives the same model");

    /** How many cores are used. */
    public static final FixedSetting<Integer> THREADS = Setting.fixed(
                    "threads",
                    Kind.integer("N", 1, MOST_THREADS),
                    Runtime.getRuntime().availableProcessors(),
                    "How many cores are used")
            .ofTheRun();

    /** Where the store of frozen activations is. */
    public static final FixedSetting<Path> CACHE = Setting.fixed(
                    "cache", Kind.folder(), GraftHome.get().cache(), "Where the results of the frozen layers are kept")
            .ofTheRun();

    /** Whether frozen activations are computed in each epoch rather than kept. */
    public static final FixedSetting<Boolean> NO_CACHE = Setting.fixed(
                    "no-cache", Kind.flag(), false, "Keeps nothing: the frozen layers run in every epoch.")
            .ofTheRun();

    /** How many gigabytes the store may hold. */
    public static final FixedSetting<Double> CACHE_SIZE = Setting.fixed(
                    "cache-size",
                    Kind.number("GB").only(size -> size > 0 && size < Integer.MAX_VALUE, "gigabytes above 0"),
                    20.0,
                    "How much the cache may hold; what was not used for longest goes first")
            .ofTheRun();

    private RunSettings() {}
}
