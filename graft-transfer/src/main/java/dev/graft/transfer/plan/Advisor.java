package dev.graft.transfer.plan;

import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.data.Splits;
import dev.graft.heads.FeatureTable;
import dev.graft.heads.LinearSolver;
import dev.graft.report.Softmax;
import dev.graft.torch.Engine;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.plan.Advice.Depth;
import dev.graft.zoo.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Recommends a strategy, from how many pictures there are and how far they are from what the backbone knows. */
public final class Advisor {
    /** Below so many pictures, fine-tuning overfits sooner than it learns what they have in common. */
    static final int FEW = 500;
    /** Above so many there are enough to move the whole backbone. */
    static final int MANY = 5000;

    /** Of fine-tuning where nobody asks for others. */
    public static final int EPOCHS = 10;

    private static final int PROBED = 1000;
    /** Where the features tell so many of the pictures, what remains to be gained is in the last stages. */
    private static final double WELL_KNOWN = 0.9;
    /** The rate for pictures that the backbone knows well: there is little to gain and much to forget. */
    private static final double GENTLE = 1e-4;
    /** The rate for others. */
    private static final double BOLD = 2e-4;
    /** Multiplications and additions: about half an hour of fine-tuning on two cores. */
    private static final double MOST_WORK = 1e13;

    private final FeatureExtractor extractor;
    private final FeatureExtraction extraction;
    private final Splits splits;
    private final TransferSettings settings;

    /** For the pictures of a run. */
    public Advisor(FeatureExtractor extractor, FeatureExtraction extraction, Splits splits, TransferSettings settings) {
        this.extractor = extractor;
        this.extraction = extraction;
        this.splits = splits;
        this.settings = settings;
    }

    /** What to do. */
    public Advice advise() {
        int pictures = splits.train().size() + splits.validation().size();
        if (extractor.onnx() != null) {
            List<String> reason = List.of("what is in an ONNX file stays frozen");
            return new Advice(pictures, List.of(), Recipe.HEAD, new Place.Stage(extractor.tunedFrom()), GENTLE, reason);
        }
        List<String> stages = extractor.stages().stream().map(Stage::name).toList();
        long multiplyAdds = extractor.network().program().multiplyAdds();
        return decide(pictures, depths(), new Tunable(stages, extractor.lastStages(), multiplyAdds));
    }

    /**
     * The rule, from what is known of the pictures.
     *
     * @param depths from the input on, the features last; or none
     */
    static Advice decide(int pictures, List<Depth> depths, Tunable backbone) {
        List<String> reasons = new ArrayList<>();
        Recipe recipe = recipe(pictures, reasons);
        Place unfreeze = recipe == Recipe.HEAD
                ? new Place.Stage(backbone.last())
                : unfreeze(recipe, depths, pictures, backbone, reasons);
        return new Advice(pictures, depths, recipe, unfreeze, known(depths) >= WELL_KNOWN ? GENTLE : BOLD, reasons);
    }

    /**
     * What the rule knows of a backbone.
     *
     * @param stages in order
     * @param last the stage from which its last ones begin
     * @param multiplyAdds for a picture
     */
    record Tunable(List<String> stages, String last, long multiplyAdds) {
        String after(String stage) {
            return stages.get(Math.min(stages.size() - 1, stages.indexOf(stage) + 1));
        }
    }

    private static Place unfreeze(
            Recipe recipe, List<Depth> depths, int pictures, Tunable backbone, List<String> reasons) {
        int best = foreign(depths);
        if (best >= 0) {
            String from = backbone.after(depths.get(best).stage());
            reasons.add(String.format(
                    Locale.ROOT,
                    "the pictures are foreign to the backbone: after %s it tells the classes apart better than by its"
                            + " features (%.3f against %.3f), so it trains from %s on",
                    depths.get(best).stage(),
                    depths.get(best).accuracy(),
                    depths.get(depths.size() - 1).accuracy(),
                    from));
            return new Place.Stage(from);
        }
        double known = known(depths);
        if (recipe == Recipe.LAST && known >= WELL_KNOWN) {
            reasons.add(String.format(
                    Locale.ROOT, "the backbone's features tell %.3f of the pictures: its last stages train", known));
            return new Place.Stage(backbone.last());
        }
        double work = (double) pictures * EPOCHS * backbone.multiplyAdds();
        if (work > MOST_WORK) {
            reasons.add("the whole backbone would take too long on a CPU: its last stages train");
            return new Place.Stage(backbone.last());
        }
        reasons.add(
                recipe == Recipe.FULL
                        ? "there are pictures enough for the whole backbone"
                        : String.format(
                                Locale.ROOT,
                                "the backbone's features tell no more than %.3f of the pictures: all of it trains",
                                known));
        return new Place.Whole();
    }

    /** The share of the pictures that a linear classifier on the features gets right; 1 where that was not asked. */
    private static double known(List<Depth> depths) {
        return depths.isEmpty() ? 1 : depths.get(depths.size() - 1).accuracy();
    }

    private static Recipe recipe(int pictures, List<String> reasons) {
        if (pictures < FEW) {
            reasons.add("fewer than " + FEW + " pictures: the head only, as fine-tuning would overfit");
            return Recipe.HEAD;
        }
        if (pictures <= MANY) {
            reasons.add(FEW + " to " + MANY + " pictures: the head, then a part of the backbone gently with it");
            return Recipe.LAST;
        }
        reasons.add("more than " + MANY + " pictures: the head, then the backbone gently with it");
        return Recipe.FULL;
    }

    /** The depth that is better than the features by more than the noise, the best of them; -1 for none. */
    private static int foreign(List<Depth> depths) {
        if (known(depths) >= WELL_KNOWN) {
            return -1;
        }
        Depth features = depths.get(depths.size() - 1);
        int best = -1;
        for (int i = 0; i < depths.size() - 1; i++) {
            Depth depth = depths.get(i);
            boolean better = depth.accuracy() > features.accuracy() + features.error() + depth.error();
            if (better && (best < 0 || depth.accuracy() > depths.get(best).accuracy())) {
                best = i;
            }
        }
        return best;
    }

    private List<Depth> depths() {
        PictureSet train = splits.train();
        boolean enough = IntStream.of(train.countPerClass()).allMatch(count -> count >= LinearSolver.FOLDS);
        boolean tuned = settings.get(RunSettings.RECIPE) != Recipe.HEAD && settings.isTuned();
        if (!enough || !tuned || !extraction.holdsFeatures()) {
            return List.of();
        }
        List<Picture> probed = sample(train);
        List<Depth> depths = new ArrayList<>();
        // A strategy that is given needs to know only how well the features do.
        int before = settings.get(RunSettings.RECIPE) == Recipe.AUTO
                ? extraction.depths().size()
                : 0;
        for (int depth = 0; depth < before; depth++) {
            int at = depth;
            depths.add(probe(extraction.depths().get(depth), probed, (table, picture) -> table.means(picture, at)));
        }
        depths.add(probe("features", probed, FeatureExtraction::features));
        return depths;
    }

    private Depth probe(String stage, List<Picture> pictures, BiFunction<FeatureExtraction, Picture, float[]> values) {
        List<float[]> features = new ArrayList<>();
        int[] labels = new int[pictures.size()];
        for (int i = 0; i < labels.length; i++) {
            features.add(values.apply(extraction, pictures.get(i)));
            labels[i] = pictures.get(i).label();
        }
        FeatureTable table =
                FeatureTable.of(features, labels, splits.train().classes().size());
        LinearSolver.HeldOut held = LinearSolver.logistic(settings.get(RunSettings.SEED))
                .on(Engine.cpu(settings.get(RunSettings.THREADS)))
                .crossValidated(table);
        List<float[]> logits = held.logits().rows();
        int[] rows = held.rows();
        long right = IntStream.range(0, rows.length)
                .filter(i -> Softmax.argmax(logits.get(i)) == labels[rows[i]])
                .count();
        double accuracy = (double) right / rows.length;
        return new Depth(stage, accuracy, Math.sqrt(accuracy * (1 - accuracy) / rows.length));
    }

    /** At most so many pictures, of each class its share but enough for each fold. */
    private List<Picture> sample(PictureSet train) {
        if (train.size() <= PROBED) {
            return train.pictures();
        }
        List<Picture> chosen = new ArrayList<>();
        Random random = new Random(settings.get(RunSettings.SEED));
        for (int label = 0; label < train.classes().size(); label++) {
            List<Picture> own = new ArrayList<>(train.ofClass(label));
            Collections.shuffle(own, random);
            long share = Math.round((double) PROBED * own.size() / train.size());
            chosen.addAll(own.subList(0, (int) Math.min(own.size(), Math.max(LinearSolver.FOLDS, share))));
        }
        return chosen;
    }
}
