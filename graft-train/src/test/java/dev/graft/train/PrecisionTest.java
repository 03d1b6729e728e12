package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.model.Network;
import dev.graft.testing.DoubleNetwork;
import dev.graft.testing.Engines;
import dev.graft.torch.Engine;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Training in float64 against the same steps written out in Java's double. */
class PrecisionTest {
    private static final int EPOCHS = 200;
    private static final double RATE = 0.1;
    private static final MemoryBatches EXAMPLES = Tiny.vectors(8, 8, 3);

    @Test
    void trainingInDoubleEndsInTheRoundedWeightsOfTheArithmetic() {
        assertThat(trained(DoubleNetwork.ENGINE)).containsExactly(byHand(Tiny.linear(1, 5)));
    }

    /** Else the test above would say nothing. */
    @Test
    void trainingInSingleRoundsOtherwise() {
        assertThat(trained(Engines.ONE_THREAD)).isNotEqualTo(byHand(Tiny.linear(1, 5)));
    }

    private static float[] trained(Engine engine) {
        Network network = Tiny.linear(1, 5);
        try (Trainer trainer = Trainer.on(engine).compile(network, Optimizer.sgd(RATE), Loss.meanSquaredError())) {
            trainer.fit(EXAMPLES, Phase.of(EPOCHS));
        }
        float[] weight = network.weight("head.weight").toArray();
        return new float[] {
            weight[0],
            weight[1],
            weight[2],
            weight[3],
            network.weight("head.bias").get(0)
        };
    }

    /** {@code mean((w·x + b - label)²)}, EPOCHS steps down its slope. */
    private static float[] byHand(Network network) {
        double[] place = new double[5];
        for (int i = 0; i < 4; i++) {
            place[i] = network.weight("head.weight").get(i);
        }
        place[4] = network.weight("head.bias").get(0);
        try (var reader = EXAMPLES.open(0)) {
            Batch batch = Objects.requireNonNull(reader.next());
            for (int step = 0; step < EPOCHS; step++) {
                double[] slopes = slopes(place, batch);
                for (int i = 0; i < 5; i++) {
                    place[i] -= RATE * slopes[i];
                }
            }
        }
        float[] rounded = new float[5];
        for (int i = 0; i < 5; i++) {
            rounded[i] = (float) place[i];
        }
        return rounded;
    }

    private static double[] slopes(double[] place, Batch batch) {
        double[] slopes = new double[5];
        for (int row = 0; row < batch.size(); row++) {
            float[] x = batch.inputs().get(0).rows().get(row);
            double apart = place[4] - batch.target().get(row);
            for (int i = 0; i < 4; i++) {
                apart += place[i] * x[i];
            }
            for (int i = 0; i < 4; i++) {
                slopes[i] += 2 * apart * x[i] / batch.size();
            }
            slopes[4] += 2 * apart / batch.size();
        }
        return slopes;
    }

    /** States hold float32: going on from one would not give the same bits. */
    @Test
    void noStatesAreKeptOfTrainingInDouble() {
        try (Trainer trainer = Trainer.on(DoubleNetwork.ENGINE)
                .compile(Tiny.linear(1, 5), Optimizer.sgd(RATE), Loss.meanSquaredError())) {
            assertThatThrownBy(() -> trainer.keep(new StateKeeper() {
                        @Override
                        public boolean isTime(Moment moment) {
                            return true;
                        }

                        @Override
                        public void keep(TrainerState state) {}
                    }))
                    .isInstanceOf(GraftException.class)
                    .hasMessage(
                            "network 'linear': expected FLOAT32, which states to resume from are kept in, got FLOAT64;"
                                    + " train without keeping any");
        }
    }
}
