package dev.graft.transfer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.model.Cut;
import dev.graft.model.Program.Step;
import dev.graft.tensor.Shape;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.Place;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is frozen, and where the boundary goes as more is unfrozen. */
class TransferNetworkTest {
    private static final BackboneSource BACKBONE = new BackboneSource.OfZoo("mobilenet_v3_small");

    private TransferNetwork network = TransferNetwork.of(BACKBONE, 64, 2, 1);

    private void unfreeze(String place) {
        network = network.training(network.unfrozen(Place.parse(place), BatchNormPolicy.STATISTICS_FROZEN));
    }

    private Set<String> trainableLayers() {
        return network.network().program().steps().stream()
                .filter(step -> network.network().isTrainable(step))
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
        unfreeze(stage);
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
        unfreeze("features.10");
        assertThat(network.network().cut().suffix().inputs()).containsExactly(Shape.batchOf(96, 2, 2));
    }

    @Test
    void layersAreCountedFromTheEnd() {
        unfreeze("3");
        assertThat(trainableLayers())
                .containsExactlyInAnyOrder(
                        "head", "backbone.classifier.0", "backbone.features.12.0", "backbone.features.12.1");
    }

    @Test
    void allIsAll() {
        unfreeze("all");
        assertThat(network.network().frozenWeights()).isNotEmpty().allMatch(name -> name.contains("running_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"features.99", "feature.9", "Features.9"})
    void anUnknownStageSuggestsTheNearest(String stage) {
        assertThatThrownBy(() -> unfreeze(stage))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(
                        "unfreeze: no stage '" + stage + "' in mobilenet_v3_small; there are features.0, features.1, ")
                .hasMessageEndingWith("or 'all'; did you mean 'features.9'?");
    }

    @Test
    void whereNothingIsNearTheStagesAreListed() {
        assertThatThrownBy(() -> unfreeze("layer4"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("features.12, classifier.0; or give a number of layers from the end, or 'all'")
                .hasMessageNotContaining("did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1000", "999999"})
    void moreLayersThanThereAreOrNoneAreRefused(String layers) {
        assertThatThrownBy(() -> unfreeze(layers))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("expected 1 to ")
                .hasMessageContaining("got " + layers);
    }

    @Test
    void theSameSeedDrawsTheSameHead() {
        var head = network.network().weight("head.weight");
        assertThat(TransferNetwork.of(BACKBONE, 64, 2, 1)
                        .network()
                        .weight("head.weight")
                        .sameBits(head))
                .isTrue();
        assertThat(TransferNetwork.of(BACKBONE, 64, 2, 2)
                        .network()
                        .weight("head.weight")
                        .sameBits(head))
                .isFalse();
    }
}
