package dev.graft.transfer.plan;

import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.run.Runs;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.network.FeatureExtractor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.Workers;
import dev.graft.data.ImageFolder;
import dev.graft.data.PictureSet;
import dev.graft.testing.NoTensorLeft;
import dev.graft.transfer.plan.Advice.Depth;
import dev.graft.transfer.plan.Advisor.Tunable;
import dev.graft.zoo.Stage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule by which strategies are recommended, and what it goes by. */
@ExtendWith(NoTensorLeft.class)
class AdvisorTest {
    private static final List<String> STAGES = List.of("stem", "early", "middle", "late", "last");
    private static final List<Depth> NONE = List.of();

    @TempDir
    Path work;

    private static Advice decide(int pictures, List<Depth> depths) {
        return Advisor.decide(pictures, depths, new Tunable(STAGES, "late", 60_000_000));
    }

    private static List<Depth> depths(double early, double middle, double features) {
        return List.of(
                new Depth("early", early, 0.02),
                new Depth("middle", middle, 0.02),
                new Depth("features", features, 0.02));
    }

    @ParameterizedTest
    @CsvSource({
        "4, HEAD, fewer than 500",
        "499, HEAD, fewer than 500",
        "500, LAST, 500 to 5000",
        "5000, LAST, 500 to 5000",
        "5001, FULL, more than 5000"
    })
    void theNumberOfPicturesDecidesTheStrategy(int pictures, Recipe recipe, String reason) {
        Advice advice = decide(pictures, NONE);
        assertThat(advice.recipe()).isEqualTo(recipe);
        assertThat(advice.unfreeze()).isEqualTo(recipe == Recipe.FULL ? "all" : "late");
        assertThat(advice.reasons()).first().asString().startsWith(reason);
        assertThat(advice.pictures()).isEqualTo(pictures);
    }

    @Test
    void aForeignDomainTrainsFromBehindTheBestDepthOn() {
        Advice advice = decide(1000, depths(0.80, 0.95, 0.92));
        assertThat(advice.unfreeze()).as("by less than the errors").isEqualTo("late");
        Advice foreign = decide(1000, depths(0.80, 0.90, 0.70));
        assertThat(foreign.recipe()).isEqualTo(Recipe.LAST);
        assertThat(foreign.unfreeze()).isEqualTo("late");
        assertThat(foreign.reasons())
                .hasSize(2)
                .last()
                .asString()
                .contains("after middle", "(0.900 against 0.700), so it trains from late on");
        assertThat(decide(1000, depths(0.90, 0.80, 0.70)).unfreeze()).isEqualTo("middle");
        assertThat(decide(6000, depths(0.90, 0.80, 0.70)).unfreeze()).isEqualTo("middle");
        Advice few = decide(60, depths(0.90, 0.80, 0.70));
        assertThat(few.recipe()).isEqualTo(Recipe.HEAD);
        assertThat(few.reasons()).hasSize(1);
    }

    @Test
    void whatMayBeNoiseIsNoForeignDomain() {
        // Two standard errors of 0.02 together are 0.04.
        assertThat(decide(1000, depths(0.739, 0.739, 0.70)).unfreeze()).isEqualTo("all");
        assertThat(decide(1000, depths(0.741, 0.739, 0.70)).unfreeze()).isEqualTo("middle");
    }

    @Test
    void whatTheFeaturesTellDecidesHowMuchTrains() {
        assertThat(decide(1000, depths(0.3, 0.5, 0.90)).unfreeze()).isEqualTo("late");
        Advice unsure = decide(1000, depths(0.3, 0.5, 0.89));
        assertThat(unsure.unfreeze()).isEqualTo("all");
        assertThat(unsure.reasons()).last().asString().contains("no more than 0.890");
        assertThat(decide(6000, depths(0.3, 0.5, 0.95)).unfreeze()).isEqualTo("all");
        assertThat(unsure.learningRate()).isEqualTo(2e-4);
        assertThat(decide(1000, depths(0.3, 0.5, 0.90)).learningRate()).isEqualTo(1e-4);
        assertThat(decide(1000, NONE).learningRate()).as("as good as known").isEqualTo(1e-4);
    }

    @Test
    void aLargeBackboneTrainsItsLastStagesOnly() {
        Tunable large = new Tunable(STAGES, "late", 4_000_000_000L);
        Advice advice = Advisor.decide(1000, depths(0.3, 0.5, 0.7), large);
        assertThat(advice.unfreeze()).isEqualTo("late");
        assertThat(advice.reasons()).last().asString().contains("too long on a CPU");
        assertThat(Advisor.decide(6000, NONE, large).unfreeze()).isEqualTo("late");
    }

    @Test
    void aBackboneWithoutTheUsualStageIsTunedFromItsLast() {
        FeatureExtractor extractor = FeatureExtractor.of(Runs.head(work).base(), Pooling.AVERAGE);
        assertThat(extractor.lastStages()).isEqualTo("features.9");
        FeatureExtractor other = new FeatureExtractor(
                extractor.name(),
                extractor.input(),
                extractor.prepared(),
                extractor.backbone(),
                extractor.pooling(),
                extractor.weights(),
                extractor.geometry(),
                extractor.stages(),
                "classifier.0",
                null);
        assertThat(other.lastStages()).isEqualTo("features.12");
    }

    private Advice advise(int perClass) {
        return advise(perClass, Recipe.AUTO, FineTuning.standard());
    }

    private Advice advise(int perClass, Recipe recipe, FineTuning tuning) {
        Path folder = GeneratedPictures.folder(work.resolve("pictures"), 3, perClass);
        TransferSettings settings = Runs.head(work)
                /*FOLDER folder*/
                .without(HeadSettings.HEAD).without(HeadSettings.EPOCHS).without(HeadSettings.LEARNING_RATE).with(RunSettings.RECIPE, recipe)
                .fineTuning(tuning);
        try (Workers workers = new Workers(1)) {
            Planning planning = Planning.of(settings, workers, event -> {}, () -> false);
            assertThat(planning.extractor().stages().stream().map(Stage::name).toList())
                    .containsAll(planning.extraction().depths());
            return planning.plan().advice();
        }
    }

    @Test
    void aRecipeThatIsGivenTrainsWhatItSaysWhateverTheAdvice() {
        GeneratedPictures.folder(work.resolve("pictures"), 2, 10);
        FeatureExtractor extractor = FeatureExtractor.of(Runs.head(work).base(), Pooling.FEATURES);
        Advice all = new Advice(1000, List.of(), Recipe.LAST, "all", 2e-4, List.of());
        PictureSet train = ImageFolder.read(work.resolve("pictures")).train();
        TransferSettings open = TransferSettings.of(work);
        assertThat(unfrozen(open, all, extractor, train)).isEqualTo("all");
        assertThat(unfrozen(open.with(RunSettings.RECIPE, Recipe.LAST), all, extractor, train)).isEqualTo("features.9");
        assertThat(unfrozen(open.with(RunSettings.RECIPE, Recipe.CLASSIC), all, extractor, train)).isEqualTo("features.9");
        Advice last = new Advice(1000, List.of(), Recipe.LAST, "features.9", 1e-4, List.of());
        assertThat(unfrozen(open.with(RunSettings.RECIPE, Recipe.FULL), last, extractor, train)).isEqualTo("all");
    }

    private static String unfrozen(
            TransferSettings settings, Advice advice, FeatureExtractor extractor, PictureSet train) {
        return SettingsResolver.of(settings, advice, extractor, train, true)
                .fineTuning()
                .unfreeze();
    }

    @Test
    void whereTheStrategyIsGivenNoMoreIsProbedThanItNeeds() {
        assertThat(advise(8, Recipe.HEAD, FineTuning.standard()).depths()).isEmpty();
        assertThat(advise(8, Recipe.AUTO, FineTuning.none()).depths()).isEmpty();
        assertThat(advise(8, Recipe.LAST, FineTuning.standard()).depths())
                .extracting(Depth::stage)
                .containsExactly("features");
    }

    @Test
    void theProbesSeeWhatTheBackboneSeesAtEachDepth() {
        Advice advice = advise(20);
        assertThat(advice.depths()).hasSize(6);
        assertThat(advice.depths().get(5).stage()).isEqualTo("features");
        // Three classes with shapes and colours of their own; by chance a third would be right.
        assertThat(advice.depths())
                .allSatisfy(depth -> assertThat(depth.accuracy()).isGreaterThan(0.6))
                .last()
                .satisfies(depth -> assertThat(depth.accuracy()).isGreaterThan(0.9));
        int probed = 3 * 16;
        assertThat(advice.depths()).allSatisfy(depth -> {
            assertThat(depth.accuracy() * probed).isCloseTo(Math.rint(depth.accuracy() * probed), within(1e-9));
            assertThat(depth.error())
                    .isCloseTo(Math.sqrt(depth.accuracy() * (1 - depth.accuracy()) / probed), within(1e-12));
        });
    }

    @Test
    void withFewerPicturesThanFoldsNothingIsProbed() {
        Advice advice = advise(5);
        assertThat(advice.depths()).isEmpty();
        assertThat(advice.recipe()).isEqualTo(Recipe.HEAD);
    }

    @Test
    void whoSaysWhereToUnfreezeGetsItWithFewPicturesToo() {
        TransferSettings settings =
                Runs.head(work).without(HeadSettings.HEAD).without(HeadSettings.EPOCHS).without(HeadSettings.LEARNING_RATE);
        try (Workers workers = new Workers(1)) {
            Planning advised = Planning.of(settings, workers, event -> {}, () -> false);
            assertThat(advised.plan().advice().recipe()).isEqualTo(Recipe.HEAD);
            assertThat(advised.plan().tuning()).isEmpty();
            TransferSettings placed = settings.with(TuningSettings.UNFREEZE, Unfreezing.parse("features.12"));
            assertThat(Planning.of(placed, workers, event -> {}, () -> false)
                            .plan()
                            .tuning())
                    .singleElement()
                    .satisfies(phase -> assertThat(phase.from()).isEqualTo("features.12"));
        }
    }
}
