package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.dataset.ClassWeights;
import dev.graft.dataset.Dataset;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Flatten;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    private static final Network BASE = Network.of(
            Model.sequential("base", Node.input(2, 4, 4), Conv2D.of(3, 3), BatchNormalization.of(1e-3), new Flatten()),
            7);

    private static final HostTensor PICTURES = Formula.input(Shape.of(6, 2, 4, 4));

    @Test
    void eachExampleHasWhatTheNetworkGivesForItAndKeepsTheRest() {
        Dataset pictures = Dataset.ofArrays(PICTURES, 0, 1, 2, 0, 1, 2).weighted(ClassWeights.of(1, 2, 3));
        Dataset features = Features.of(BASE, pictures);
        HostTensor expected = Engines.torch(BASE, PICTURES);
        assertThat(features.size()).isEqualTo(6);
        assertThat(features.classes()).containsExactly("0", "1", "2");
        assertThat(features.countPerClass()).containsExactly(2, 2, 2);
        for (int i = 0; i < 6; i++) {
            Close.toScale(1e-5)
                    .check(
                            "features " + i,
                            features.get(i).input().toArray(),
                            expected.rows().get(i));
            assertThat(features.get(i).input().shape()).isEqualTo(Shape.of(12));
            assertThat(features.get(i).label()).isEqualTo(i % 3);
            assertThat(features.get(i).weight()).isEqualTo(i % 3 + 1);
        }
    }

    @Test
    void predictionsAreTheOutputsInOrder() {
        HostTensor predicted = Predictions.of(BASE, Dataset.ofArrays(PICTURES, 0, 1, 2, 0, 1, 2));
        Close.toScale(1e-5).check("predictions", predicted, Engines.torch(BASE, PICTURES));
        Network two = BASE.upTo("conv2d", "flatten");
        assertThatThrownBy(() -> Predictions.of(two, Dataset.ofArrays(PICTURES, 0, 1, 2, 0, 1, 2)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("predictions are of one output, it has 2");
    }

    @Test
    void aSmallModelLearnsFromThem() {
        Dataset features = Features.of(BASE, Dataset.ofArrays(PICTURES, 0, 1, 0, 1, 0, 1));
        Network head = Network.of(Model.sequential("head", Node.input(12), Dense.of(2)), 1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(head, Optimizer.adam(0.1), Loss.crossEntropy(), Metric.accuracy())) {
            trainer.fit(features.shuffle(1).batch(3), Phase.of(60));
            assertThat(trainer.evaluate(features.batch(6)).accuracy()).isEqualTo(1);
        }
    }

    @Test
    void examplesOfAnotherShapeAreRefused() {
        Dataset wide = Dataset.ofArrays(Formula.input(Shape.of(2, 2, 4, 5)), 0, 1);
        assertThatThrownBy(() -> Features.of(BASE, wide))
                .isInstanceOf(GraftException.class)
                .hasMessage("network 'base': expected inputs [[N, 2, 4, 4]], got examples of [[2, 4, 5]]; resize the"
                        + " pictures, or draw the network for their size");
    }
}
