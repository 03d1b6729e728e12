package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.data.PictureSet;
import dev.graft.heads.Head;
import dev.graft.heads.LinearSolver;
import java.util.stream.IntStream;

/** Decides what settings leave open, and refuses what does not go with the pictures. */
final class SettingsResolver {
    /** A head is solved on no more examples than that: all of them are held in memory, several times. */
    private static final int MOST_SOLVED = 50_000;

    private SettingsResolver() {}

    /**
     * The settings with nothing left open.
     *
     * @param advice what {@link Recipe#AUTO} follows
     * @throws GraftException if the head does not go with the pictures or with fine-tuning
     */
    static TransferSettings of(
            TransferSettings settings,
            Advice advice,
            FeatureExtractor extractor,
            PictureSet train,
            boolean holdsFeatures) {
        Head asked = settings.head().head();
        Head head = asked == null ? suitable(settings, train, holdsFeatures) : asked;
        check(head, train);
        FineTuning tuning = settings.fineTuning();
        Recipe recipe = settings.recipe() == Recipe.AUTO ? advice.recipe() : settings.recipe();
        boolean placed = !tuning.unfreeze().equals(TransferSettings.AUTO);
        boolean headOnly = recipe == Recipe.HEAD && settings.head().first() && !placed;
        if (tuning.epochs() == TransferSettings.CHOOSE && (headOnly || !head.trains())) {
            tuning = tuning.epochs(0);
        }
        if (tuning.unfreeze().equals(TransferSettings.AUTO)) {
            tuning = tuning.unfreeze(
                    switch (settings.recipe()) {
                        case AUTO -> advice.unfreeze();
                        case FULL -> "all";
                        case HEAD, LAST, CLASSIC -> extractor.lastStages();
                    });
        }
        if (tuning.rates().learningRate() == Rates.ADVISED) {
            tuning = tuning.learningRate(advice.learningRate());
        }
        return settings.head(settings.head().head(head)).fineTuning(tuning.chosen());
    }

    private static Head suitable(TransferSettings settings, PictureSet train, boolean holdsFeatures) {
        boolean many = (long) train.size() * settings.headViews() > MOST_SOLVED || !holdsFeatures;
        if (many || !settings.head().first()) {
            return new Head.TrainedLinear();
        }
        boolean few = IntStream.of(train.countPerClass()).anyMatch(count -> count < LinearSolver.FOLDS);
        return few ? new Head.Mean() : Head.logistic();
    }

    /**
     * Refuses what does not go together whatever the pictures are.
     *
     * @param size of a picture's features
     */
    static void check(TransferSettings settings, int size, int classes) {
        Head head = settings.head().head();
        if (head == null) {
            return;
        }
        if (!head.trains() && settings.fineTuning().epochs() > 0) {
            throw new SettingException(
                    "head",
                    "'" + head.name() + "' keeps examples and has nothing that gradients could"
                            + " move; leave --fine-tune-epochs out, or take another head");
        }
        head.layer(size, classes, 1);
    }

    private static void check(Head head, PictureSet train) {
        int[] counts = train.countPerClass();
        for (int label = 0; label < counts.length; label++) {
            if (head.isCrossValidated() && counts[label] < LinearSolver.FOLDS) {
                throw new GraftException("class '" + train.classes().get(label) + "': " + counts[label]
                        + " training pictures are fewer than the " + LinearSolver.FOLDS + " folds by which '"
                        + head.name() + "' finds its regularisation; give more, or --regularisation, or --head mean");
            }
        }
    }
}
