package dev.graft.transfer.run;

import dev.graft.Spelling;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.PredictedFile;
import dev.graft.bundle.Prediction;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.RunSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * What an old model and a new one say of the same pictures. Each is taken at its best class, also where it says that a
 * picture is unknown.
 *
 * @param onTest whether they are test pictures; else the validation pictures, which the new model's training has seen
 * @param pictures of all classes
 * @param skipped those that could no longer be read
 */
public record RegressionReport(boolean onTest, List<Compared> pictures, List<Skipped> skipped) {
    /** The best class of a model for a picture. */
    public record Said(String label, double probability, boolean unknown) {
        private static Said of(Prediction prediction) {
            return new Said(prediction.best().label(), prediction.best().probability(), prediction.unknown());
        }
    }

    /**
     * One picture.
     *
     * @param truth its class
     * @param known whether the old model knows that class; where not, it is always wrong
     * @param before what the old model says
     * @param after what the new one says
     */
    public record Compared(Path picture, String truth, boolean known, Said before, Said after) {
        public boolean wasRight() {
            return Spelling.same(before.label(), truth);
        }

        public boolean isRight() {
            return Spelling.same(after.label(), truth);
        }
    }

    /** How many of some pictures a model got right. */
    public record Score(int right, int total) {
        /** 0 to 1; NaN of no pictures. */
        public double accuracy() {
            return total == 0 ? Double.NaN : (double) right / total;
        }
    }

    public RegressionReport {
        pictures = List.copyOf(pictures);
        skipped = List.copyOf(skipped);
    }

    /**
     * Asks an old model and a new one about the same pictures: the test part of the new one's run, or its validation part
     * where there is no other.
     *
     * @param result what the run gave
     * @param newer the same as it was saved
     * @param progress is told how many answers there are, two a picture
     */
    public static RegressionReport of(PreviousModel old, TransferResult result, Bundle newer, IntConsumer progress) {
        boolean tested = result.parts().testPart().isPresent();
        PictureSet pictures = result.parts().testPart().orElse(result.parts().validation());
        int threads = result.settings().get(RunSettings.THREADS);
        List<PredictedFile> before = ask(old.bundle(), old, pictures, threads, progress);
        List<PredictedFile> after = ask(newer, old, pictures, threads, done -> progress.accept(pictures.size() + done));
        return of(old.bundle().labels(), pictures, before, after).tested(tested);
    }

    private static List<PredictedFile> ask(
            Bundle model, PreviousModel named, PictureSet pictures, int threads, IntConsumer progress) {
        List<Path> paths = pictures.pictures().stream().map(Picture::path).toList();
        try (Classifier classifier = Classifier.open(model, named.file().toString(), threads)) {
            return classifier.predictAll(paths, progress);
        }
    }

    /**
     * Puts the answers side by side, of validation pictures.
     *
     * @param oldClasses what the old model knows
     * @param before its answers, one a picture in their order
     * @param after those of the new one
     */
    static RegressionReport of(
            List<String> oldClasses, PictureSet pictures, List<PredictedFile> before, List<PredictedFile> after) {
        List<Compared> compared = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.pictures().get(i);
            Prediction old = before.get(i).prediction();
            Prediction now = after.get(i).prediction();
            if (old == null || now == null) {
                PredictedFile unread = old == null ? before.get(i) : after.get(i);
                skipped.add(new Skipped(picture.path(), String.valueOf(unread.unreadable())));
                continue;
            }
            String truth = pictures.className(picture);
            boolean known = Spelling.contains(oldClasses, truth);
            compared.add(new Compared(picture.path(), truth, known, Said.of(old), Said.of(now)));
        }
        return new RegressionReport(false, compared, skipped);
    }

    RegressionReport tested(boolean yes) {
        return new RegressionReport(yes, pictures, skipped);
    }

    /** The old model on the classes that it knows. */
    public Score before() {
        return score(Compared::known, Compared::wasRight);
    }

    /** The new model on the classes that the old one knows. */
    public Score after() {
        return score(Compared::known, Compared::isRight);
    }

    /** The new model on the classes that the old one does not know. */
    public Score added() {
        return score(each -> !each.known(), Compared::isRight);
    }

    private Score score(Predicate<Compared> which, Predicate<Compared> right) {
        List<Compared> chosen = pictures.stream().filter(which).toList();
        return new Score((int) chosen.stream().filter(right).count(), chosen.size());
    }

    /** What was lost. */
    public List<Compared> rightToWrong() {
        return pictures.stream()
                .filter(each -> each.wasRight() && !each.isRight())
                .toList();
    }

    /** What was gained on the classes that the old model knows. */
    public List<Compared> wrongToRight() {
        return pictures.stream()
                .filter(each -> each.known() && !each.wasRight() && each.isRight())
                .toList();
    }

    /** How many pictures of the classes that it knows the old model calls unknown. */
    public int unknownBefore() {
        return (int) pictures.stream()
                .filter(each -> each.known() && each.before().unknown())
                .count();
    }

    /** How many of the same the new one calls unknown. */
    public int unknownAfter() {
        return (int) pictures.stream()
                .filter(each -> each.known() && each.after().unknown())
                .count();
    }
}
