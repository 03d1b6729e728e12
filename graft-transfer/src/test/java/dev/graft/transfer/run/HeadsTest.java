package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.bundle.Classifier;
import dev.graft.data.Picture;
import dev.graft.data.UnreadablePictureException;
import dev.graft.export.BundleExport;
import dev.graft.heads.Head;
import dev.graft.heads.LinearLoss;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every head learns on the frozen backbone, moves nothing of it, is saved, exported, and predicts. */
@Tag("slow")
class HeadsTest {
    @TempDir
    Path work;

    @BeforeEach
    void draw() {
        GeneratedPictures.folder(work.resolve("pictures"), 3, 10);
    }

    static Stream<Head> heads() {
        Stream<Head> others = Stream.of(
                new Head.Linear(LinearLoss.LOGISTIC, 1e-3),
                new Head.Nearest(3),
                new Head.DenseLayers(List.of(16, 8), 0.2));
        return Stream.concat(Head.known().stream(), others);
    }

    private TransferSettings with(Head head) {
        return with(head, work.resolve("pictures"));
    }

    private TransferSettings with(Head head, Path folder) {
        TransferSettings settings = Runs.untrained(Runs.head(work, folder))
                .with(HeadSettings.HEAD, head)
                .with(HeadSettings.LEARNING_RATE, 1e-2);
        return head.isSolved() ? settings : settings.with(HeadSettings.EPOCHS, 40);
    }

    @ParameterizedTest
    @MethodSource("heads")
    void itLearnsAndMovesNothingElse(Head head) {
        TransferResult result = Runs.run(with(head));
        // The mean of eight pictures is not where the class is.
        assertThat(result.validation().accuracy()).isGreaterThanOrEqualTo(head instanceof Head.Mean ? 0.8 : 1);
        assertThat(result.plan().head().orElseThrow().head()).isEqualTo(head);
        assertThat(result.phases()).hasSize(1);
        assertThat(result.histories()).hasSize(head.isSolved() ? 0 : 1);
        Network before = TransferNetwork.of(result.settings().get(BackboneSettings.BACKBONE), 3, 1)
                .network();
        Network after = result.network().network();
        before.weights().forEach((name, weight) -> {
            if (!name.startsWith("head.")) {
                assertThat(after.weight(name).sameBits(weight)).as(name).isTrue();
            }
        });
        assertThat(result.plan().head().orElseThrow().parameters())
                .isEqualTo(after.layer("head").weights().values().stream()
                        .mapToLong(HostTensor::elements)
                        .sum());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void itIsSavedExportedAndPredicts(Head head) throws IOException {
        TransferResult result = Runs.run(with(head));
        Path file = work.resolve("out.graft");
        result.bundle().write(file);
        assertThat(BundleExport.of(result.bundle(), "x")
                        .toOnnx(work.resolve("out.onnx"))
                        .difference())
                .isLessThan(1e-4);
        assertThat(Files.size(work.resolve("out.onnx"))).isPositive();
        List<Picture> held = result.parts().validation().pictures();
        try (Classifier classifier = Classifier.open(file, 1)) {
            long right = held.stream()
                    .filter(picture -> best(classifier, picture)
                            .equals(result.plan().classes().get(picture.label())))
                    .count();
            assertThat(right).isEqualTo(result.validation().correct());
        }
    }

    private static String best(Classifier classifier, Picture picture) {
        try {
            return classifier.predict(picture.path()).best().label();
        } catch (UnreadablePictureException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void theHeadTakesWhatIsPooled(Pooling pooling) {
        TransferSettings settings = with(Head.logistic());
        TransferResult result = Runs.run(settings.with(HeadSettings.POOLING, pooling));
        Shape weight = result.network().network().weight("head.weight").shape();
        int features =
                switch (pooling) {
                    case FEATURES -> 1024;
                    case AVERAGE, MAX -> 576;
                    case FLATTEN -> 576 * 2 * 2;
                };
        assertThat(weight).isEqualTo(Shape.of(3, features));
        assertThat(result.validation().accuracy()).isEqualTo(1);
        assertThat(BundleExport.of(result.bundle(), "x")
                        .toOnnx(work.resolve("out.onnx"))
                        .difference())
                .isLessThan(1e-4);
    }

    @Test
    void aPooledHeadIsFineTunedToo() {
        TransferSettings settings = with(Head.logistic());
        TransferResult result = Runs.run(settings.with(HeadSettings.POOLING, Pooling.MAX)
                .with(RunSettings.RECIPE, Recipe.CLASSIC)
                .with(TuningSettings.EPOCHS, 1)
                .with(TuningSettings.UNFREEZE, Unfreezing.parse("features.12")));
        assertThat(result.plan().tuning().get(0).from()).isEqualTo(new Place.Stage("features.12"));
        assertThat(result.histories()).hasSize(1);
    }

    @Test
    void tokensHaveNoMapToPool() {
        TransferSettings settings = with(Head.logistic())
                .without(BackboneSettings.IMAGE_SIZE)
                .with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo("vit_b_16"))
                .with(HeadSettings.POOLING, Pooling.MAX);
        assertThatThrownBy(() -> FeatureExtractor.of(settings, note -> {}))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("vit_b_16 gives tokens and no feature map; leave pooling out");
    }

    @Test
    void withViewsTheHeadIsSolvedOnAllOfThem() {
        TransferSettings settings = with(Head.logistic()).with(RunSettings.VIEWS, 3);
        TransferResult result = Runs.run(settings);
        assertThat(result.cache().misses()).isEqualTo(30 + 24 * 2);
        HostTensor plain = Runs.run(settings.with(RunSettings.VIEWS, 1))
                .network()
                .network()
                .weight("head.weight");
        assertThat(result.network().network().weight("head.weight").sameBits(plain))
                .isFalse();
        assertThat(Runs.run(with(new Head.Nearest(1)).with(RunSettings.VIEWS, 3))
                        .network()
                        .network()
                        .weight("head.examples")
                        .shape())
                .isEqualTo(Shape.of(72, 1024));
    }

    @Test
    void theHeadSuitsTheNumberOfPictures() {
        TransferSettings open = Runs.untrained(Runs.head(work));
        List<Object> told = new ArrayList<>();
        TransferRun.run(open, told::add, () -> false);
        TransferEvent.HeadSolved solved = told.stream()
                .filter(TransferEvent.HeadSolved.class::isInstance)
                .map(TransferEvent.HeadSolved.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(solved.head()).isEqualTo(Head.logistic());
        assertThat(solved.regularisation()).isPresent();
        Path few = work.resolve("few");
        GeneratedPictures.folder(few, 2, 4);
        TransferResult result = Runs.run(Runs.untrained(Runs.head(work, few)));
        assertThat(result.plan().head().orElseThrow().head()).isEqualTo(new Head.Mean());
        assertThat(result.settings().head()).as("effective").isEqualTo(new Head.Mean());
    }

    @Test
    void fewerPicturesThanFoldsAreRefusedWithTheClass() {
        Path few = work.resolve("few");
        GeneratedPictures.folder(few, 2, 4);
        TransferSettings settings = with(Head.svm(), few);
        assertThatThrownBy(() -> Runs.run(settings))
                .isInstanceOf(GraftException.class)
                .hasMessage("class 'discs': 3 training pictures are fewer than the 5 folds by which 'svm' finds its"
                        + " regularisation; give more, or regularisation, or head mean");
        assertThat(Runs.run(settings.with(HeadSettings.HEAD, new Head.Linear(LinearLoss.SQUARED_HINGE, 0.01)))
                        .validation()
                        .accuracy())
                .isEqualTo(1);
    }

    @Test
    void whatKeepsExamplesIsNotFineTuned() {
        TransferSettings settings = with(new Head.Nearest(3)).with(TuningSettings.EPOCHS, 1);
        assertThatThrownBy(() -> Runs.run(settings))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("'knn' keeps examples and has nothing that gradients could move");
    }

    /** Nine in ten pictures are of one class: with weights both count alike, so the border moves towards the many. */
    @ParameterizedTest
    @EnumSource(Balance.class)
    void weightsCountInSolvedHeads(Balance balance) {
        Path uneven = work.resolve("uneven");
        GeneratedPictures.folder(uneven, 2, 40);
        for (int i = 8; i < 40; i++) {
            Path picture = uneven.resolve("squares/picture" + i + ".png");
            assertThat(picture.toFile().delete()).isTrue();
        }
        TransferSettings settings =
                with(new Head.Linear(LinearLoss.LOGISTIC, 0.1), uneven).with(DataSettings.BALANCE, balance);
        Map<String, HostTensor> head =
                Runs.run(settings).network().network().layer("head").weights();
        HostTensor bias = Objects.requireNonNull(head.get("head.bias"));
        HostTensor alike = Objects.requireNonNull(Runs.run(settings.with(DataSettings.BALANCE, Balance.NONE))
                .network()
                .network()
                .layer("head")
                .weights()
                .get("head.bias"));
        float lead = bias.get(0) - bias.get(1) - (alike.get(0) - alike.get(1));
        if (balance == Balance.NONE) {
            assertThat(lead).isZero();
        } else {
            assertThat(lead).as("the frequent class leads by less").isLessThan(-0.5f);
        }
    }
}
