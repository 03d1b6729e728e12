package dev.graft.transfer.plan;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.SettingName;
import dev.graft.data.PictureSet;
import dev.graft.heads.Head;
import dev.graft.heads.LinearSolver;
import dev.graft.layers.Dense;
import dev.graft.layers.Layer;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.split.DataSplit;
import java.util.stream.IntStream;

/** Decides what settings leave open, and refuses what does not go with the pictures. */
public final class SettingsResolver {
    /** A head is solved on no more examples than that: all of them are held in memory, several times. */
    private static final int MOST_SOLVED = 50_000;
    /** Any will do where it is only seen whether the rest makes sense. */
    private static final double SOME_RATE = 1;

    private SettingsResolver() {}

    /**
     * The settings with nothing left open that matters.
     *
     * @param advice what {@link Recipe#AUTO} follows
     * @param holdsFeatures whether the features of the pictures are in memory
     * @throws GraftException if the head does not go with the pictures or with fine-tuning
     */
    public static ResolvedSettings of(
            TransferSettings asked, Advice advice, FeatureExtractor extractor, DataSplit split, boolean holdsFeatures) {
        PictureSet train = split.splits().train();
        // Solved heads count pictures alike.
        boolean solvable = holdsFeatures && !split.isWeighted() && asked.get(RunSettings.MIX_UP) == 0;
        Head head = asked.find(HeadSettings.HEAD).orElseGet(() -> suitable(asked, train, solvable));
        check(head, train);
        Recipe recipe = asked.get(RunSettings.RECIPE);
        TransferSettings decided = decide(asked, HeadSettings.HEAD, head);
        decided = decide(decided, TuningSettings.EPOCHS, isHeadOnly(asked, advice, head) ? 0 : Advisor.EPOCHS);
        decided = decide(
                decided,
                TuningSettings.UNFREEZE,
                switch (recipe) {
                    case AUTO -> Unfreezing.from(advice.unfreeze());
                    case FULL -> Unfreezing.all();
                    case HEAD, LAST, CLASSIC -> Unfreezing.stage(extractor.lastStages());
                });
        return new ResolvedSettings(asked, decide(decided, TuningSettings.LEARNING_RATE, advice.learningRate()));
    }

    private static <T> TransferSettings decide(TransferSettings settings, OpenSetting<T> setting, T value) {
        return settings.find(setting).isPresent() ? settings : settings.with(setting, value);
    }

    /** Whether nothing but the head trains, where nobody said for how many epochs the backbone does. */
    private static boolean isHeadOnly(TransferSettings asked, Advice advice, Head head) {
        Recipe recipe = asked.get(RunSettings.RECIPE) == Recipe.AUTO ? advice.recipe() : asked.get(RunSettings.RECIPE);
        boolean placed = asked.asks(TuningSettings.UNFREEZE);
        return !head.trains() || (recipe == Recipe.HEAD && asked.get(HeadSettings.FIRST) && !placed);
    }

    private static Head suitable(TransferSettings asked, PictureSet train, boolean solvable) {
        boolean many = (long) train.size() * asked.headViews() > MOST_SOLVED || !solvable;
        boolean trained = asked.asks(HeadSettings.EPOCHS) || asked.asks(HeadSettings.LEARNING_RATE);
        if (many || trained || !asked.get(HeadSettings.FIRST)) {
            return new Head.TrainedLinear();
        }
        boolean few = IntStream.of(train.countPerClass()).anyMatch(count -> count < LinearSolver.FOLDS);
        return few ? new Head.Mean() : Head.logistic();
    }

    /**
     * Refuses before any picture is read what does not go together whatever the pictures are.
     *
     * @throws SettingException if there is such a thing
     */
    static void tryOut(TransferSettings asked, FeatureExtractor extractor, int classes) {
        Head head = asked.orNull(HeadSettings.HEAD);
        if (head != null && !head.trains() && asked.find(TuningSettings.EPOCHS).orElse(0) > 0) {
            throw new SettingException(
                    HeadSettings.HEAD.key(),
                    "'" + head.name() + "' keeps examples and has nothing that gradients could move; leave "
                            + TuningSettings.EPOCHS.named() + " out, or take another head");
        }
        asked.get(RunSettings.AUGMENT).requireSize(extractor.geometry().size());
        Layer layer = head == null ? Dense.of(classes) : head.layer(extractor.size(), classes, 1);
        RateGroups groups = new RateGroups(asked.get(TuningSettings.RATES));
        boolean placed = asked.isTuned() && asked.asks(TuningSettings.UNFREEZE);
        if (!placed && groups.groups().isEmpty()) {
            return;
        }
        TransferNetwork network = extractor.withHead(layer, asked.get(RunSettings.SEED));
        groups.requireKnown(network.network());
        if (placed) {
            TransferSettings tried = decide(asked, TuningSettings.EPOCHS, Advisor.EPOCHS);
            tried = decide(tried, TuningSettings.LEARNING_RATE, SOME_RATE);
            groups.requireTrained(TuningPhases.of(new ResolvedSettings(asked, tried), network, extractor.lastStages()));
        }
    }

    private static void check(Head head, PictureSet train) {
        int[] counts = train.countPerClass();
        for (int label = 0; label < counts.length; label++) {
            if (head.isCrossValidated() && counts[label] < LinearSolver.FOLDS) {
                throw new GraftException("class '" + train.classes().get(label) + "': " + counts[label]
                        + " training pictures are fewer than the " + LinearSolver.FOLDS + " folds by which '"
                        + head.name() + "' finds its regularisation; give more, or "
                        + SettingName.of("regularisation") + ", or " + HeadSettings.HEAD.named() + " mean");
            }
        }
    }
}
