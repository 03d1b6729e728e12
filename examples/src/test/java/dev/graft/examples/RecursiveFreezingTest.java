package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Network;
import org.junit.jupiter.api.Test;

class RecursiveFreezingTest {
    private final Printed printed = new Printed();

    @Test
    void freezesWhatIsNestedAndLetsTheHeadTrainAgain() {
        Network network = RecursiveFreezing.run(printed.out);
        assertThat(network.trainableWeights()).containsExactly("head.weight", "head.bias");
        assertThat(network.frozenLayers()).contains("inner.dense", "inner.dense_1");
        assertThat(printed.text()).isEqualTo("""
                        after freezing the outer model
                          inner is trainable: false
                          inner.dense is trainable: false
                        after making the head trainable again: trainable 12 / total 36 (33.3%)
                        """);
    }
}
