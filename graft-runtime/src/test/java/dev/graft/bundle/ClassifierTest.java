package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.data.ImageFolder;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.data.UnreadablePictureException;
import dev.graft.report.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One picture, many, and labelled ones: all ways of asking give the same answer. */
class ClassifierTest {
    @TempDir
    Path folder;

    private final Bundle bundle = TinyBundles.bundle(1);
    private final Classifier classifier = Classifier.open(bundle, "tiny", 2);

    @AfterEach
    void close() {
        classifier.close();
    }

    private PictureSet pictures() {
        return ImageFolder.readAs(GeneratedPictures.folder(folder, 2, 6), TinyBundles.LABELS);
    }

    @Test
    void predictionsOfOneOfManyAndTheCountsAgree() throws UnreadablePictureException {
        PictureSet pictures = pictures();
        List<Path> paths = pictures.pictures().stream().map(Picture::path).toList();
        List<Integer> progress = new ArrayList<>();
        List<PredictedFile> all = classifier.predictAll(paths, progress::add);
        Evaluation evaluation = classifier.evaluate(pictures, done -> {}).evaluation();

        int[][] confusion = new int[2][2];
        double loss = 0;
        for (int i = 0; i < paths.size(); i++) {
            Prediction one = classifier.predict(paths.get(i));
            assertThat(all.get(i).path()).isEqualTo(paths.get(i));
            assertThat(all.get(i).prediction()).isEqualTo(one);
            int label = pictures.pictures().get(i).label();
            confusion[label][TinyBundles.LABELS.indexOf(one.best().label())]++;
            loss -= one.ranking().stream()
                    .filter(ranked -> ranked.label().equals(TinyBundles.LABELS.get(label)))
                    .mapToDouble(ranked -> Math.log(ranked.probability()))
                    .sum();
        }
        assertThat(progress).isEqualTo(IntStream.rangeClosed(1, 12).boxed().toList());
        assertThat(evaluation.confusion())
                .containsExactly(List.of(confusion[0][0], confusion[0][1]), List.of(confusion[1][0], confusion[1][1]));
        assertThat(evaluation.loss()).isCloseTo(loss / 12, within(1e-9));
        assertThat(evaluation.total()).isEqualTo(12);
    }

    @Test
    void unreadablePicturesAreListedInTheirPlace() {
        PictureSet pictures = pictures();
        Path broken = pictures.pictures().get(3).path();
        GeneratedPictures.writeBroken(broken);
        List<PredictedFile> all = classifier.predictAll(
                pictures.pictures().stream().map(Picture::path).toList(), done -> {});
        assertThat(all).hasSize(12);
        assertThat(all.get(3).prediction()).isNull();
        assertThat(all.get(3).unreadable()).isNotBlank();
        assertThat(all.get(4).unreadable()).isNull();

        EvaluatedFolder evaluated = classifier.evaluate(pictures, done -> {});
        assertThat(evaluated.evaluation().total()).isEqualTo(11);
        assertThat(evaluated.skipped()).hasSize(1);
        assertThat(evaluated.skipped().get(0).path()).isEqualTo(broken);
        assertThatThrownBy(() -> classifier.predict(broken)).isInstanceOf(UnreadablePictureException.class);
        assertThatThrownBy(() -> classifier.predict(folder.resolve("missing.png")))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage("no such file");
    }

    @Test
    void nothingReadableIsAnError() {
        PictureSet pictures = pictures();
        pictures.pictures().forEach(picture -> GeneratedPictures.writeBroken(picture.path()));
        assertThatThrownBy(() -> classifier.evaluate(pictures, done -> {}))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("none of the 12 pictures can be read; the first: "
                        + pictures.pictures().get(0).path());
    }

    @Test
    void threadsShareAClassifier() throws UnreadablePictureException {
        List<Path> paths = pictures().pictures().stream().map(Picture::path).toList();
        List<Prediction> expected = new ArrayList<>();
        for (Path path : paths) {
            expected.add(classifier.predict(path));
        }
        try (Workers workers = new Workers(4)) {
            workers.forEach(200, i -> {
                try {
                    assertThat(classifier.predict(paths.get(i % 12))).isEqualTo(expected.get(i % 12));
                } catch (UnreadablePictureException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void theRankingFallsAndTopTakesItsHead() {
        Prediction prediction = Prediction.of(
                List.of("a", "b", "c"),
                Confidence.plain(),
                new InferenceSession.Answer(new float[] {0, 2, 1}, new float[0]));
        assertThat(prediction.ranking().stream().map(Prediction.Ranked::label)).containsExactly("b", "c", "a");
        double sum = 1 + Math.exp(1) + Math.exp(2);
        assertThat(prediction.best().probability()).isCloseTo(Math.exp(2) / sum, within(1e-12));
        assertThat(prediction.top(2)).isEqualTo(prediction.ranking().subList(0, 2));
        assertThat(prediction.top(9)).isEqualTo(prediction.ranking());
    }

    @Test
    void labelsThatDoNotFitTheNetworkAreRefused() {
        Bundle three = new Bundle(
                List.of("a", "b", "c"),
                bundle.geometry(),
                bundle.network(),
                bundle.testLogits(),
                Confidence.plain(),
                bundle.provenance());
        assertThatThrownBy(() -> Classifier.open(three, "three", 1).close())
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("three: ");
    }
}
