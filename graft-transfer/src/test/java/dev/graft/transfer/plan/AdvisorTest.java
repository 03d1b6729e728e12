package dev.graft.transfer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.audit.DataCare;
import dev.graft.data.ImageFolder;
import dev.graft.data.PictureGroups;
import dev.graft.data.Splits;
import dev.graft.testing.NoTensorLeft;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.plan.Advice.Depth;
import dev.graft.transfer.plan.Advisor.Tunable;
import dev.graft.transfer.run.Runs;
import dev.graft.transfer.split.DataSplit;
import dev.graft.zoo.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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
        assertThat(advice.unfreeze()).hasToString(recipe == Recipe.FULL ? "all" : "late");
        assertThat(advice.reasons()).first().asString().startsWith(reason);
        assertThat(advice.pictures()).isEqualTo(pictures);
    }

    @Test
    void aForeignDomainTrainsFromBehindTheBestDepthOn() {
        Advice advice = decide(1000, depths(0.80, 0.95, 0.92));
        assertThat(advice.unfreeze()).as("by less than the errors").hasToString("late");
        Advice foreign = decide(1000, depths(0.80, 0.90, 0.70));
        assertThat(foreign.recipe()).isEqualTo(Recipe.LAST);
        assertThat(foreign.unfreeze()).hasToString("late");
        assertThat(foreign.reasons())
                .hasSize(2)
                .last()
                .asString()
                .contains("after middle", "(0.900 against 0.700), so it trains from late on");
        assertThat(decide(1000, depths(0.90, 0.80, 0.70)).unfreeze()).hasToString("middle");
        assertThat(decide(6000, depths(0.90, 0.80, 0.70)).unfreeze()).hasToString("middle");
        Advice few = decide(60, depths(0.90, 0.80, 0.70));
        assertThat(few.recipe()).isEqualTo(Recipe.HEAD);
        assertThat(few.reasons()).hasSize(1);
    }

    @Test
    void whatMayBeNoiseIsNoForeignDomain() {
        // Two standard errors of 0.02 together are 0.04.
        assertThat(decide(1000, depths(0.739, 0.739, 0.70)).unfreeze()).hasToString("all");
        assertThat(decide(1000, depths(0.741, 0.739, 0.70)).unfreeze()).hasToString("middle");
    }

    @Test
    void whatTheFeaturesTellDecidesHowMuchTrains() {
        assertThat(decide(1000, depths(0.3, 0.5, 0.90)).unfreeze()).hasToString("late");
        Advice unsure = decide(1000, depths(0.3, 0.5, 0.89));
        assertThat(unsure.unfreeze()).hasToString("all");
        assertThat(unsure.reasons()).last().asString().contains("no more than 0.890");
        assertThat(decide(6000, depths(0.3, 0.5, 0.95)).unfreeze()).hasToString("all");
        assertThat(unsure.learningRate()).isEqualTo(2e-4);
        assertThat(decide(1000, depths(0.3, 0.5, 0.90)).learningRate()).isEqualTo(1e-4);
        assertThat(decide(1000, NONE).learningRate()).as("as good as known").isEqualTo(1e-4);
    }

    @Test
    void aLargeBackboneTrainsItsLastStagesOnly() {
        Tunable large = new Tunable(STAGES, "late", 4_000_000_000L);
        Advice advice = Advisor.decide(1000, depths(0.3, 0.5, 0.7), large);
        assertThat(advice.unfreeze()).hasToString("late");
        assertThat(advice.reasons()).last().asString().contains("too long on a CPU");
        assertThat(Advisor.decide(6000, NONE, large).unfreeze()).hasToString("late");
    }

    @Test
    void aBackboneWithoutTheUsualStageIsTunedFromItsLast() {
        FeatureExtractor extractor =
                FeatureExtractor.of(Runs.head(work).with(HeadSettings.POOLING, Pooling.AVERAGE), note -> {});
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

    /** Of which nothing is asked but what makes it quick. */
    private static TransferSettings tuned(TransferSettings settings) {
        return Runs.untrained(settings).without(TuningSettings.EPOCHS);
    }

    private Advice advise(int perClass) {
        return advise(perClass, settings -> settings);
    }

    private Advice advise(int perClass, UnaryOperator<TransferSettings> change) {
        Path folder = GeneratedPictures.folder(work.resolve("pictures"), 3, perClass);
        TransferSettings settings = change.apply(tuned(Runs.head(work, folder)));
        try (RunContext context = RunContext.open(1)) {
            PreparedRun planning = PreparedRun.of(settings, context);
            assertThat(planning.extractor().stages().stream().map(Stage::name).toList())
                    .containsAll(planning.extraction().depths());
            return planning.plan().advice();
        }
    }

    @Test
    void aRecipeThatIsGivenTrainsWhatItSaysWhateverTheAdvice() {
        GeneratedPictures.folder(work.resolve("pictures"), 2, 10);
        FeatureExtractor extractor = FeatureExtractor.of(Runs.head(work), note -> {});
        Advice all = new Advice(1000, List.of(), Recipe.LAST, new Place.Whole(), 2e-4, List.of());
        Splits splits = ImageFolder.read(work.resolve("pictures")).split(0.2, 0, 1);
        DataSplit train = new DataSplit(splits, DataCare.of(splits.train().pictures(), PictureGroups.none()), Map.of());
        TransferSettings open = TransferSettings.of(work);
        assertThat(unfrozen(open, all, extractor, train)).isEqualTo("all");
        assertThat(unfrozen(open.with(RunSettings.RECIPE, Recipe.LAST), all, extractor, train))
                .isEqualTo("features.9");
        assertThat(unfrozen(open.with(RunSettings.RECIPE, Recipe.CLASSIC), all, extractor, train))
                .isEqualTo("features.9");
        Advice last = new Advice(1000, List.of(), Recipe.LAST, new Place.Stage("features.9"), 1e-4, List.of());
        assertThat(unfrozen(open.with(RunSettings.RECIPE, Recipe.FULL), last, extractor, train))
                .isEqualTo("all");
    }

    private static String unfrozen(
            TransferSettings settings, Advice advice, FeatureExtractor extractor, DataSplit train) {
        return SettingsResolver.of(settings, advice, extractor, train, true)
                .get(TuningSettings.UNFREEZE)
                .toString();
    }

    @Test
    void whereTheStrategyIsGivenNoMoreIsProbedThanItNeeds() {
        assertThat(advise(8, settings -> settings.with(RunSettings.RECIPE, Recipe.HEAD))
                        .depths())
                .isEmpty();
        assertThat(advise(8, settings -> settings.with(TuningSettings.EPOCHS, 0))
                        .depths())
                .isEmpty();
        assertThat(advise(8, settings -> settings.with(RunSettings.RECIPE, Recipe.LAST))
                        .depths())
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
        TransferSettings settings = tuned(Runs.head(work));
        try (RunContext context = RunContext.open(1)) {
            PreparedRun advised = PreparedRun.of(settings, context);
            assertThat(advised.plan().advice().recipe()).isEqualTo(Recipe.HEAD);
            assertThat(advised.plan().tuning()).isEmpty();
            TransferSettings placed = settings.with(TuningSettings.UNFREEZE, Unfreezing.parse("features.12"));
            assertThat(PreparedRun.of(placed, context).plan().tuning())
                    .singleElement()
                    .satisfies(phase -> assertThat(phase.from()).hasToString("features.12"));
        }
    }
}
