package dev.graft.transfer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Message;
import dev.graft.heads.Head;
import dev.graft.layers.Dense;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan says of settings that change nothing; the command line's test has those that a run shows. */
class WithoutEffectTest {
    private static final TransferSettings STANDARD = TransferSettings.of(Path.of("x"));
    private static final List<Integer> COUNTS = List.of(7, 3);

    private static List<String> notes(TransferSettings asked, List<TuningPhase> phases, String backbone) {
        return notes(asked, COUNTS, true, phases, backbone);
    }

    private static List<String> notes(
            TransferSettings asked, List<Integer> counts, boolean tested, List<TuningPhase> phases, String backbone) {
        TransferNetwork network = FeatureExtractor.withoutWeights(new BackboneSource.OfZoo(backbone), 32)
                .withHead(Dense.of(2), 0);
        var settings = new ResolvedSettings(asked, asked.with(HeadSettings.HEAD, Head.logistic()));
        return new WithoutEffect(settings, tested, false, false)
                .notes(counts, phases, network).stream().map(Message::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({"convnext_tiny,true", "mobilenet_v3_small,false"})
    void aPolicyOfBatchNormalisationNeedsSome(String backbone, boolean noted) {
        var phase = new TuningPhase(
                Phase.of("fine-tune", 1), new Place.Whole(), 1e-4, Optimizer.adam(1e-4), List.of(), Set.of(), 1);
        TransferSettings asked = STANDARD.with(TuningSettings.BATCH_NORM, BatchNormPolicy.FROZEN);
        String note = "batch-norm: without effect, as the backbone has no batch normalisation";
        assertThat(notes(asked, List.of(phase), backbone)).isEqualTo(noted ? List.of(note) : List.of());
    }

    @Test
    void aShareToTestOnNeedsNoFolderForThat() {
        TransferSettings asked = STANDARD.with(DataSettings.TEST_SHARE, 0.1);
        assertThat(notes(asked, List.of(), "mobilenet_v3_small"))
                .containsExactly("test-split: without effect, as there is a folder to test on");
    }

    @Test
    void whatARecipeHasOfItselfIsNotAskedFor() {
        TransferSettings classic =
                STANDARD.with(RunSettings.RECIPE, Recipe.CLASSIC).with(TuningSettings.EPOCHS, 0);
        assertThat(notes(classic, List.of(), "mobilenet_v3_small")).isEmpty();
        assertThat(notes(
                        classic.with(TuningSettings.PATIENCE, 3).with(RunSettings.BATCH, 8),
                        List.of(),
                        "mobilenet_v3_small"))
                .containsExactly("batch, patience: without effect, as the head alone is solved");
    }

    @Test
    void classesOfOneSizeAreBalanced() {
        TransferSettings asked = STANDARD.with(DataSettings.BALANCE, Balance.WEIGHTS);
        assertThat(notes(asked, List.of(5, 5), false, List.of(), "mobilenet_v3_small"))
                .containsExactly("balance weights: without effect, as all classes have as many pictures to train on");
    }
}
