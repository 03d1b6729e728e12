package dev.graft.transfer.network;

import dev.graft.transfer.run.Runs;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.features.Features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.model.Cut;
import dev.graft.model.Program.Step;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is frozen, and where the boundary goes as more is unfrozen. */
class TransferNetworkTest {
    private final TransferNetwork network =
            Runs.network("mobilenet_v3_small", 64, 2, 1);

    private Set<String> trainableLayers() {
        return network.network().program().steps().stream()
                .filter(network.network()::isTrainable)
                .filter(step -> !step.weights().isEmpty())
                .map(Step::path)
                .collect(Collectors.toSet());
    }

    @Test
    void atFirstOnlyTheHeadTrainsOnTheBackbonesFeatures() {
        assertThat(trainableLayers()).containsExactly("head");
        Cut cut = network.network().cut();
        assertThat(cut.suffix().inputs()).containsExactly(Shape.batchOf(1024));
        assertThat(cut.suffix().steps().stream().map(Step::path)).containsExactly("head");
    }

    @ParameterizedTest
    @CsvSource({
        "classifier.0, backbone.classifier.0",
        "features.12, backbone.features.12.0",
        "features.9, backbone.features.9.block.0.0",
        "features.0, backbone.features.0.0"
    })
    void fromAStageOnEverythingTrains(String stage, String firstLayer) {
        network.unfreeze(stage, BatchNormPolicy.STATISTICS_FROZEN);
        List<String> all = network.network().program().steps().stream()
                .filter(step -> !step.weights().isEmpty())
                .map(Step::path)
                .toList();
        assertThat(trainableLayers())
                .containsExactlyInAnyOrderElementsOf(all.subList(all.indexOf(firstLayer), all.size()));
        Cut cut = network.network().cut();
        assertThat(cut.suffix().steps().get(0).path()).isEqualTo(firstLayer);
        assertThat(cut.hasFrozenWeights()).isEqualTo(!stage.equals("features.0"));
    }

    @Test
    void theBoundaryOfAResidualStageIsOneValue() {
        network.unfreeze("features.10", BatchNormPolicy.STATISTICS_FROZEN);
        assertThat(network.network().cut().suffix().inputs()).containsExactly(Shape.batchOf(96, 2, 2));
    }

    @Test
    void layersAreCountedFromTheEnd() {
        network.unfreeze("3", BatchNormPolicy.STATISTICS_FROZEN);
        assertThat(trainableLayers())
                .containsExactlyInAnyOrder(
                        "head", "backbone.classifier.0", "backbone.features.12.0", "backbone.features.12.1");
    }

    @Test
    void allIsAll() {
        network.unfreeze("all", BatchNormPolicy.STATISTICS_FROZEN);
        assertThat(network.network().frozenWeights()).isNotEmpty().allMatch(name -> name.contains("running_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"features.99", "feature.9", "Features.9"})
    void anUnknownStageSuggestsTheNearest(String stage) {
        assertThatThrownBy(() -> network.unfreeze(stage, BatchNormPolicy.STATISTICS_FROZEN))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        "unfreeze: no stage '" + stage + "' in mobilenet_v3_small; there are features.0, features.1, ")
                .hasMessageEndingWith("or 'all'; did you mean 'features.9'?");
    }

    @Test
    void whereNothingIsNearTheStagesAreListed() {
        assertThatThrownBy(() -> network.unfreeze("layer4", BatchNormPolicy.STATISTICS_FROZEN))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("features.12, classifier.0; or give a number of layers from the end, or 'all'")
                .hasMessageNotContaining("did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1000", "999999"})
    void moreLayersThanThereAreOrNoneAreRefused(String layers) {
        assertThatThrownBy(() -> network.unfreeze(layers, BatchNormPolicy.STATISTICS_FROZEN))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected 1 to ")
                .hasMessageContaining("got " + layers);
    }

    @Test
    void theSameSeedDrawsTheSameHead() {
        var base = new TransferSettings.Base("mobilenet_v3_small", null, 64);
        var head = network.network().weight("head.weight");
        assertThat(TransferNetwork.of(base, 2, 1)
                        .network()
                        .weight("head.weight")
                        .sameBits(head))
                .isTrue();
        assertThat(TransferNetwork.of(base, 2, 2)
                        .network()
                        .weight("head.weight")
                        .sameBits(head))
                .isFalse();
    }
}
