package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void theTableOfASmallNetwork() {
        Node inner = Node.input(3, 32, 32);
        Model body = Model.of(
                "body",
                inner,
                inner.then("conv", Conv2D.of(16, 3).stride(2).padding(1).noBias())
                        .then("norm", BatchNormalization.of(1e-3))
                        .then("relu", Activation.relu()));
        Node input = Node.input(3, 32, 32);
        Node output = input.then("body", body.inInferenceMode())
                .then("pool", GlobalAveragePooling2D.of())
                .then("head", Dense.of(100));
        Network network = Network.of(Model.of("small", input, output), 1);
        network.layer("body").setTrainable(false);
        // 16 * 3 * 9 = 432; 4 * 16 = 64; 16 * 100 + 100 = 1700.
        assertThat(Summary.of(network)).hasToString("""
                        Model: "small"
                        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━┓
                        ┃ Layer (type)                  ┃ Output Shape       ┃ Param # ┃ Trainable ┃
                        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━┩
                        │ input_layer (InputLayer)      │ (None, 32, 32, 3)  │       0 │     -     │
                        ├───────────────────────────────┼────────────────────┼─────────┼───────────┤
                        │ body (Functional)             │ (None, 16, 16, 16) │     496 │     N     │
                        ├───────────────────────────────┼────────────────────┼─────────┼───────────┤
                        │ pool (GlobalAveragePooling2D) │ (None, 16)         │       0 │     -     │
                        ├───────────────────────────────┼────────────────────┼─────────┼───────────┤
                        │ head (Dense)                  │ (None, 100)        │   1,700 │     Y     │
                        └───────────────────────────────┴────────────────────┴─────────┴───────────┘
                         Total params: 2,196 (8.58 KB)
                         Trainable params: 1,700 (6.64 KB)
                         Non-trainable params: 496 (1.94 KB)
                        """);
        assertThat(Summary.of(network).expanded().ascii()).hasToString("""
                        Model: "small"
                        +-------------------------------+--------------------+---------+-----------+
                        | Layer (type)                  | Output Shape       | Param # | Trainable |
                        +===============================+====================+=========+===========+
                        | input_layer (InputLayer)      | (None, 32, 32, 3)  |       0 |     -     |
                        +-------------------------------+--------------------+---------+-----------+
                        | body (Functional)             | (None, 16, 16, 16) |     496 |     N     |
                        +-------------------------------+--------------------+---------+-----------+
                        |   conv (Conv2D)               | (None, 16, 16, 16) |     432 |     N     |
                        +-------------------------------+--------------------+---------+-----------+
                        |   norm (BatchNormalization)   | (None, 16, 16, 16) |      64 |     N     |
                        +-------------------------------+--------------------+---------+-----------+
                        |   relu (Activation)           | (None, 16, 16, 16) |       0 |     -     |
                        +-------------------------------+--------------------+---------+-----------+
                        | pool (GlobalAveragePooling2D) | (None, 16)         |       0 |     -     |
                        +-------------------------------+--------------------+---------+-----------+
                        | head (Dense)                  | (None, 100)        |   1,700 |     Y     |
                        +-------------------------------+--------------------+---------+-----------+
                         Total params: 2,196 (8.58 KB)
                         Trainable params: 1,700 (6.64 KB)
                         Non-trainable params: 496 (1.94 KB)
                        """);
    }

    /** Backbones name layers like that: {@code conv} and {@code conv.norm} are two. */
    @Test
    void aLayerWhoseNameBeginsAnothersIsCountedAlone() {
        Node input = Node.input(4);
        Network network =
                Network.of(Model.of("m", input, input.then("fc", Dense.of(3)).then("fc.next", Dense.of(2))), 1);
        assertThat(Summary.of(network).ascii().toString())
                .containsPattern("fc \\(Dense\\) +\\| \\(None, 3\\) +\\| +15 \\|")
                .containsPattern("fc.next \\(Dense\\) +\\| \\(None, 2\\) +\\| +8 \\|");
    }

    @Test
    void statisticsOfATrainableNormalisationDoNotTrain() {
        Node input = Node.input(8, 4, 4);
        Network network = Network.of(Model.of("m", input, input.then("norm", BatchNormalization.of(1e-3))), 1);
        assertThat(Summary.of(network).toString())
                .contains("Trainable params: 16 (64.00 B)")
                .contains("Non-trainable params: 16 (64.00 B)");
    }

    @Test
    void theShareOfWhatTrainsInOneLine() {
        assertThat(new ParameterCount(2_050, 1_532_018)).hasToString("trainable 2,050 / total 1,532,018 (0.1%)");
    }
}
