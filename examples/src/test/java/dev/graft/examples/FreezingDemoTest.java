package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FreezingDemoTest {
    private final Printed printed = new Printed();

    /** Two layers of 3 by 3 weights and 3 biases. */
    @Test
    void theFrozenLayerKeepsItsWeightsAndTheOtherLearns() {
        assertThat(FreezingDemo.run(printed.out)).isTrue();
        assertThat(printed.text()).isEqualTo("""
                        layer1, frozen:    the same weights as before
                        layer2, trainable: has learnt
                        trainable 12 / total 24 (50.0%)
                        """);
    }
}
