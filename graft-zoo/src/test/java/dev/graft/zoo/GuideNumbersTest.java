package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Rescaling;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Summary;
import org.junit.jupiter.api.Test;

/** The numbers that the Keras guide to transfer learning and torch's tutorial on it print. */
class GuideNumbersTest {
    @Test
    void xceptionUnderTheGuidesHead() {
        Model base = Zoo.pretrained("xception").backbone(150).withoutTop();
        Node input = Node.input(3, 150, 150);
        Node output = input.then(new Rescaling(1 / 127.5, -1))
                .then(base.inInferenceMode())
                .then(GlobalAveragePooling2D.of())
                .then(Dropout.of(0.2))
                .then(Dense.of(1));
        Network network = Network.of(Model.of("guide", input, output), 42);
        network.layer("xception").setTrainable(false);
        assertThat(Summary.of(network).ascii()).hasToString("""
                        Model: "guide"
                        +---------------------------------------------------+---------------------+------------+-----------+
                        | Layer (type)                                      | Output Shape        |    Param # | Trainable |
                        +===================================================+=====================+============+===========+
                        | input_layer (InputLayer)                          | (None, 150, 150, 3) |          0 |     -     |
                        +---------------------------------------------------+---------------------+------------+-----------+
                        | rescaling (Rescaling)                             | (None, 150, 150, 3) |          0 |     -     |
                        +---------------------------------------------------+---------------------+------------+-----------+
                        | xception (Functional)                             | (None, 5, 5, 2048)  | 20,861,480 |     N     |
                        +---------------------------------------------------+---------------------+------------+-----------+
                        | global_average_pooling2d (GlobalAveragePooling2D) | (None, 2048)        |          0 |     -     |
                        +---------------------------------------------------+---------------------+------------+-----------+
                        | dropout (Dropout)                                 | (None, 2048)        |          0 |     -     |
                        +---------------------------------------------------+---------------------+------------+-----------+
                        | dense (Dense)                                     | (None, 1)           |      2,049 |     Y     |
                        +---------------------------------------------------+---------------------+------------+-----------+
                         Total params: 20,863,529 (79.59 MB)
                         Trainable params: 2,049 (8.00 KB)
                         Non-trainable params: 20,861,480 (79.58 MB)
                        """);

        network.layer("xception").setTrainable(true);
        assertThat(Summary.of(network).toString())
                .contains(" Total params: 20,863,529 (79.59 MB)\n")
                .contains(" Trainable params: 20,809,001 (79.38 MB)\n")
                .contains(" Non-trainable params: 54,528 (213.00 KB)\n");
    }

    @Test
    void aStageIsAPartOfTheNetwork() {
        Backbone vgg = Zoo.pretrained("vgg16").backbone(64);
        Node input = Node.input(3, 64, 64);
        Network network = Network.of(Model.of("net", input, input.then(vgg.withoutTop())), 1);
        assertThat(vgg.stage("block4", network.layer("vgg16")).layerNames())
                .containsExactly(
                        "vgg16.features.17",
                        "vgg16.features.18",
                        "vgg16.features.19",
                        "vgg16.features.20",
                        "vgg16.features.21",
                        "vgg16.features.22",
                        "vgg16.features.23");
        assertThatThrownBy(() -> vgg.stage("block6", network.layer("vgg16")))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("vgg16 has no stage 'block6'; there are block1, ");
    }

    @Test
    void resnet18WithAHeadOfTenClasses() {
        Network network = Network.of(Zoo.pretrained("resnet18").backbone(224).withTop(10), 42);
        network.setTrainable(false);
        network.layer("fc").setTrainable(true);
        assertThat(network.parameters()).hasToString("trainable 5,130 / total 11,181,642 (0.0%)");
    }
}
