package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.Workers;
import dev.graft.testing.NoTensorLeft;
import dev.graft.transfer.Advice.Depth;
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
        return Advisor.decide(pictures, depths, STAGES, "late");
    }

    private static List<Depth> depths(double early, double middle, double features) {
        return List.of(
                new Depth("early", early, 0.02),
                new Depth("middle", middle, 0.02),
                new Depth("features", features, 0.02));
    }

    @ParameterizedTest
    @CsvSource({
        "4, HEAD, late, fewer than 500",
        "499, HEAD, late, fewer than 500",
        "500, LAST, late, 500 to 5000",
        "5000, LAST, late, 500 to 5000",
        "5001, FULL, all, more than 5000"
    })
    void theNumberOfPicturesDecidesTheStrategy(int pictures, Recipe recipe, String unfreeze, String reason) {
        Advice advice = decide(pictures, NONE);
        assertThat(advice.recipe()).isEqualTo(recipe);
        assertThat(advice.unfreeze()).isEqualTo(unfreeze);
        assertThat(advice.reasons()).singleElement().asString().startsWith(reason);
        assertThat(advice.pictures()).isEqualTo(pictures);
    }

    @Test
    void aForeignDomainTrainsFromBehindTheBestDepthOn() {
        Advice advice = decide(1000, depths(0.80, 0.90, 0.70));
        assertThat(advice.recipe()).isEqualTo(Recipe.LAST);
        assertThat(advice.unfreeze()).isEqualTo("late");
        assertThat(decide(1000, depths(0.90, 0.80, 0.70)).unfreeze()).isEqualTo("middle");
        assertThat(advice.reasons())
                .hasSize(2)
                .last()
                .asString()
                .contains("behind middle", "(0.900 against 0.700), so it trains from late on");
    }

    @Test
    void whatMayBeNoiseIsNoForeignDomain() {
        // Two standard errors of 0.02 together are 0.04.
        assertThat(decide(1000, depths(0.739, 0.739, 0.70)).reasons()).hasSize(1);
        assertThat(decide(1000, depths(0.741, 0.739, 0.70)).unfreeze()).isEqualTo("middle");
    }

    @Test
    void veryManyForeignPicturesStillTrainAllAndFewNothing() {
        Advice many = decide(6000, depths(0.90, 0.80, 0.70));
        assertThat(many.unfreeze()).isEqualTo("all");
        assertThat(many.reasons()).last().asString().endsWith("so all of it trains");
        Advice few = decide(60, depths(0.90, 0.80, 0.70));
        assertThat(few.recipe()).isEqualTo(Recipe.HEAD);
        assertThat(few.reasons()).hasSize(1);
    }

    @Test
    void aBackboneWithoutTheUsualStageIsTunedFromItsLast() {
        assertThat(Advisor.decide(1000, NONE, STAGES, "elsewhere").unfreeze()).isEqualTo("last");
    }

    private Advice advise(int perClass) {
        Path folder = GeneratedPictures.folder(work.resolve("pictures"), 3, perClass);
        TransferSettings settings = Runs.head(work)
                .data(new TransferSettings.Data(folder, null, null, 0, false))
                .head(HeadSettings.standard());
        try (Workers workers = new Workers(1)) {
            Planning planning = Planning.of(settings, workers, event -> {}, () -> false);
            assertThat(planning.body().stages().stream().map(Stage::name).toList())
                    .containsAll(planning.survey().depths());
            return planning.plan().advice();
        }
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
}
