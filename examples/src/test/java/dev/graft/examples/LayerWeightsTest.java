package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayerWeightsTest {
    private final Printed printed = new Printed();

    /** The numbers of the guide. */
    @Test
    void countsTheWeightsAsTheGuideDoes() {
        LayerWeights.run(printed.out);
        assertThat(printed.text()).isEqualTo("""
                        Dense(3) on 4 inputs
                          weights: 2
                          trainable weights: 2
                          non-trainable weights: 0
                        BatchNormalization
                          weights: 4
                          trainable weights: 2
                          non-trainable weights: 2
                        Dense(3), frozen
                          weights: 2
                          trainable weights: 0
                          non-trainable weights: 2
                        """);
    }
}
