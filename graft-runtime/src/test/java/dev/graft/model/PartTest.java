package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Layer;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the first half of the Keras guide to transfer learning says of layers, weights and {@code trainable}. */
class PartTest {
    private static Part built(Layer layer, Node input) {
        return Network.of(Model.sequential("m", input, layer.named("layer")), 1).layer("layer");
    }

    private static void counts(Part part, int weights, int trainable, int others) {
        assertThat(part.weights()).hasSize(weights);
        assertThat(part.trainableWeights()).hasSize(trainable);
        assertThat(part.nonTrainableWeights()).hasSize(others);
    }

    @Test
    void aDenseLayerHasTwoTrainableWeights() {
        Part dense = built(Dense.of(3), Node.input(4));
        counts(dense, 2, 2, 0);
        dense.setTrainable(false);
        counts(dense, 2, 0, 2);
        assertThat(dense.isTrainable()).isFalse();
    }

    @Test
    void batchNormalizationHasTwoTrainableWeightsAndTwoStatistics() {
        counts(built(BatchNormalization.of(1e-3), Node.input(4)), 4, 2, 2);
    }

    /** The guide's outer model round an inner one. */
    private static Network nested() {
        Model inner = Model.sequential("inner", Node.input(3), Dense.of(3), Activation.relu(), Dense.of(3));
        return Network.of(Model.sequential("outer", Node.input(3), inner, Dense.of(3)), 1);
    }

    @Test
    void trainableIsSetOnEveryLayerInsideAndCanBeSetAgainOnOne() {
        Network network = nested();
        network.setTrainable(false);
        assertThat(network.layer("inner").isTrainable()).isFalse();
        assertThat(network.layer("inner").layer("dense").isTrainable()).isFalse();
        assertThat(network.parameters()).isEqualTo(new ParameterCount(0, 36));
        network.layer("inner").layer("dense_1").setTrainable(true);
        assertThat(network.layer("inner").isTrainable()).isTrue();
        assertThat(network.layer("inner").trainableWeights())
                .containsExactly("inner.dense_1.weight", "inner.dense_1.bias");
        assertThat(network.parameters()).hasToString("trainable 12 / total 36 (33.3%)");
    }

    private static Network stages() {
        Node input = Node.input(3, 8, 8);
        Node x = input;
        for (String stage : List.of("layer1", "layer2", "layer3", "layer4")) {
            x = x.then(stage + ".conv", Conv2D.of(4, 1).noBias()).then(stage + ".bn", BatchNormalization.of(1e-5));
        }
        Model base = Model.of("base", input, x);
        Node picture = Node.input(3, 8, 8);
        return Network.of(
                Model.of(
                        "net",
                        picture,
                        picture.then(base)
                                .then(new GlobalAveragePooling2D(false))
                                .then("fc", Dense.of(2))),
                1);
    }

    @Test
    void layersAreChosenByNumberNamePatternAndStage() {
        Network network = stages();
        assertThat(network.layers(0, 3).layerNames())
                .containsExactly("base.layer1.conv", "base.layer1.bn", "base.layer2.conv");
        assertThat(network.layers("base.layer4.*").layerNames()).containsExactly("base.layer4.conv", "base.layer4.bn");
        assertThat(network.layer("base").layers("*.bn").layerNames()).hasSize(4);
        assertThat(network.layer("base").layer("layer2").layerNames())
                .containsExactly("base.layer2.conv", "base.layer2.bn");
        assertThat(network.layer("base").from("layer3").layerNames())
                .containsExactly("base.layer3.conv", "base.layer3.bn", "base.layer4.conv", "base.layer4.bn");
        assertThat(network.layers().last(2).layerNames())
                .containsExactly("base.layer4.bn", "global_average_pooling2d", "fc");
        assertThat(network.layer("base").layers(0, 8).layerNames()).hasSize(8);
    }

    @Test
    void theFirstLayersStayFrozen() {
        Network network = stages();
        network.setTrainable(true);
        network.layer("base").layers(0, 6).setTrainable(false);
        assertThat(network.trainableWeights())
                .containsExactly(
                        "base.layer4.conv.weight",
                        "base.layer4.bn.weight",
                        "base.layer4.bn.bias",
                        "fc.weight",
                        "fc.bias");
    }

    @Test
    void parametersFreezeOneByOne() {
        Network network = stages();
        long fresh = network.trainableVersion();
        network.setRequiresGradient("*.bias", false);
        assertThat(network.trainableVersion()).isNotEqualTo(fresh);
        assertThat(network.trainableWeights())
                .noneMatch(name -> name.endsWith("bias"))
                .contains("fc.weight");
        assertThat(network.frozenParameters()).hasSize(5).contains("fc.bias");
        // The statistics of a normalisation whose beta is frozen move all the same: the layer is not frozen.
        assertThat(network.frozenWeights())
                .contains("base.layer1.bn.bias")
                .doesNotContain("base.layer1.bn.running_mean");
        network.setRequiresGradient("fc.bias", true);
        assertThat(network.trainableWeights()).contains("fc.bias");
        assertThatThrownBy(() -> network.setRequiresGradient("fc.bais", false))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("did you mean 'fc.bias'?");
        assertThatThrownBy(() -> network.setRequiresGradient("base.layer1.bn.running_mean", true))
                .as("a statistic has no gradient")
                .isInstanceOf(GraftException.class);
    }

    @Test
    void weightsAreCopiedInAndOut() {
        Part dense = built(Dense.of(3), Node.input(4));
        List<HostTensor> copies = dense.getWeights();
        float before = copies.get(1).get(0);
        copies.get(1).put(0, before + 1);
        assertThat(dense.getWeights().get(1).get(0)).isEqualTo(before);
        dense.setWeights(copies);
        copies.get(1).put(0, before + 2);
        assertThat(dense.getWeights().get(1).get(0)).isEqualTo(before + 1);
    }

    @Test
    void weightsThatDoNotFitAreRefused() {
        Part dense = built(Dense.of(3), Node.input(4));
        List<HostTensor> copies = dense.getWeights();
        assertThatThrownBy(() -> dense.setWeights(copies.subList(0, 1)))
                .hasMessage("'layer': expected 2 weights (layer.weight, layer.bias), got 1");
        assertThatThrownBy(() -> dense.setWeights(List.of(copies.get(1), copies.get(0))))
                .hasMessage("weight 'layer.weight': expected shape [3, 4], got [3]");
    }

    @Test
    void pretrainedWeightsAreKnownAsSuch() {
        Network network = stages();
        assertThat(network.pretrainedWeights()).isEmpty();
        HostTensor given = HostTensor.allocate(Shape.of(4, 3, 1, 1));
        network.layer("base").load(Map.of("layer1.conv.weight", given));
        assertThat(network.weight("base.layer1.conv.weight")).isSameAs(given);
        assertThat(network.pretrainedWeights()).containsExactly("base.layer1.conv.weight");
    }

    @Test
    void whatIsNotThereIsRefusedWithTheNearest() {
        Network network = stages();
        assertThatThrownBy(() -> network.layer("base").layer("layer5"))
                .isInstanceOf(GraftException.class)
                .hasMessage("'base' has no layer 'layer5'; did you mean 'layer1'?");
        assertThatThrownBy(() -> network.layers(0, 100))
                .hasMessage("layers 0 to 100: network 'net' has 10, counted from 0");
        assertThatThrownBy(() -> network.layers("base.layer9.*")).hasMessageContaining("no layer 'base.layer9.*'");
    }
}
