package dev.graft.transfer.plan;

import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.heads.Head;
import dev.graft.layers.Dense;
import dev.graft.train.Phase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan says of settings that change nothing; the command line's test has those that a run shows. */
class WithoutEffectTest {
    private static final TransferSettings STANDARD = TransferSettings.of(Path.of("x"));
    private static final List<Integer> COUNTS = List.of(7, 3);

    private static List<String> notes(TransferSettings asked, List<TuningPhase> phases, String backbone) {
        TransferNetwork network = FeatureExtractor.withoutWeights(new TransferSettings.Base(backbone, null, 32))
                .withHead(Dense.of(2), 0);
        TransferSettings chosen = asked.head(asked.head().head(Head.logistic()));
        return new WithoutEffect(asked, true, false).notes(chosen, COUNTS, phases, network);
    }

    @ParameterizedTest
    @CsvSource({"convnext_tiny,true", "mobilenet_v3_small,false"})
    void aPolicyOfBatchNormalisationNeedsSome(String backbone, boolean noted) {
        var phase = new TuningPhase(Phase.of("fine-tune", 1), "all", 1e-4, List.of(), 1);
        TransferSettings asked = STANDARD.with(TuningSettings.BATCH_NORM, BatchNormPolicy.FROZEN);
        String note = "--batch-norm: without effect, as the backbone has no batch normalisation";
        assertThat(notes(asked, List.of(phase), backbone)).isEqualTo(noted ? List.of(note) : List.of());
    }

    @Test
    void aShareToTestOnNeedsNoFolderForThat() {
        TransferSettings asked = STANDARD/*FOLDER Path.of("x")*/.with(DataSettings.TEST_SHARE, 0.1);
        assertThat(notes(asked, List.of(), "mobilenet_v3_small"))
                .containsExactly("--test-split: without effect, as there is a folder to test on");
    }

    @Test
    void whatARecipeHasOfItselfIsNotAskedFor() {
        TransferSettings classic =
                STANDARD.with(RunSettings.RECIPE, Recipe.CLASSIC).with(RunSettings.RECIPE, Recipe.CLASSIC).with(TuningSettings.EPOCHS, 0);
        assertThat(notes(classic, List.of(), "mobilenet_v3_small")).isEmpty();
        assertThat(notes(
                        classic.fineTuning(classic.fineTuning().patience(3)).with(RunSettings.BATCH, 8),
                        List.of(),
                        "mobilenet_v3_small"))
                .containsExactly("--batch, --patience: without effect, as the head alone is solved");
    }

    @Test
    void classesOfOneSizeAreBalanced() {
        TransferSettings asked = STANDARD.data(STANDARD.data().balance(Balance.WEIGHTS));
        TransferSettings chosen = asked.head(asked.head().head(Head.logistic()));
        TransferNetwork network = FeatureExtractor.withoutWeights(asked.base()).withHead(Dense.of(2), 0);
        assertThat(new WithoutEffect(asked, false, false).notes(chosen, List.of(5, 5), List.of(), network))
                .containsExactly("--balance weights: without effect, as all classes have as many pictures to train on");
    }
}
