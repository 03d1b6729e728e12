package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Network;
import dev.graft.train.Metric;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import org.junit.jupiter.api.Test;

class CustomLoopTest {
    private final Printed printed = new Printed();

    @Test
    void givesBitForBitWhatTheTrainerGives() {
        Network byHand = CustomLoop.run(printed.out);
        Network byTrainer = CustomLoop.network();
        try (Trainer trainer = Trainer.compile(byTrainer, CustomLoop.OPTIMIZER, CustomLoop.LOSS, Metric.accuracy())) {
            trainer.seed(42).fit(CustomLoop.points().shuffle(42).batch(32), Phase.of(CustomLoop.EPOCHS));
            assertThat(trainer.evaluate(CustomLoop.points().batch(64)).accuracy())
                    .isGreaterThan(0.9);
        }
        assertThat(byHand.weights()).hasSize(4).isEqualTo(byTrainer.weights());
        assertThat(byHand.trainableWeights()).containsExactly("head.weight", "head.bias");
    }

    @Test
    void trainsTheHeadAndLeavesTheBase() {
        Network fresh = CustomLoop.network();
        Network trained = CustomLoop.run(printed.out);
        assertThat(trained.layer("base").weights())
                .isEqualTo(fresh.layer("base").weights());
        assertThat(trained.weight("head.weight")).isNotEqualTo(fresh.weight("head.weight"));
    }
}
