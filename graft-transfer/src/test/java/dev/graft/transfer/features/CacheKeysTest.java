package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.View;
import dev.graft.encoder.ImageEncoder;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Rescaling;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The cache's keys change with whatever changes the activations, and with nothing else. */
class CacheKeysTest {
    private static final InputGeometry GEOMETRY = InputGeometry.centerCrop(16);

    private static Network network(int stride, double scale) {
        Node input = Node.input(3, 16, 16);
        Node output = input.then("scale", Rescaling.of(scale))
                .then("conv", Conv2D.of(4, 3).stride(stride))
                .then("pool", GlobalAveragePooling2D.of())
                .then("head", Dense.of(2));
        Network network = Network.of(Model.of("m", input, output), 1);
        network.layer("conv").setTrainable(false);
        return network;
    }

    private static String key(Network network, InputGeometry geometry) {
        try (var prefix = ImageEncoder.of(network.cut().prefix(), network.weights(), PictureReader.of(geometry))) {
            return prefix.key();
        }
    }

    @Test
    void ofThePrefix() {
        Network network = network(1, 1);
        String key = key(network, GEOMETRY);
        assertThat(key).hasSize(64).isEqualTo(key(network(1, 1), GEOMETRY));
        assertThat(key(network(2, 1), GEOMETRY)).as("graph").isNotEqualTo(key);
        assertThat(key(network(1, 0.5), GEOMETRY)).as("preprocessing").isNotEqualTo(key);
        assertThat(key(network, InputGeometry.stretch(16))).as("fit").isNotEqualTo(key);
        assertThat(key(network, InputGeometry.centerCrop(16, 18))).as("margin").isNotEqualTo(key);
        assertThat(key(network, GEOMETRY.bicubic())).as("interpolation").isNotEqualTo(key);

        network.weight("head.weight").put(0, 42);
        assertThat(key(network, GEOMETRY)).as("a weight after the boundary").isEqualTo(key);
        network.weight("conv.bias")
                .put(0, Math.nextUp(network.weight("conv.bias").get(0)));
        assertThat(key(network, GEOMETRY)).as("a frozen weight").isNotEqualTo(key);
    }

    @Test
    void ofAViewOfAPicture() {
        Picture picture = new Picture(Path.of("a.png"), 0);
        IndexedPicture indexed = new IndexedPicture(picture, "00");
        String plain = indexed.key(View.plain(), "augment");
        String random = indexed.key(new View(1, 7), "augment");
        assertThat(new IndexedPicture(new Picture(Path.of("elsewhere/b.jpg"), 1), "00").key(View.plain(), "augment"))
                .as("another name, place and class")
                .isEqualTo(plain);
        assertThat(new IndexedPicture(picture, "01").key(View.plain(), "augment"))
                .as("other bytes")
                .isNotEqualTo(plain);
        assertThat(indexed.key(View.plain(), "other"))
                .as("the plain view is never augmented")
                .isEqualTo(plain);
        assertThat(random).isNotEqualTo(plain);
        assertThat(indexed.key(new View(2, 7), "augment")).as("number").isNotEqualTo(random);
        assertThat(indexed.key(new View(1, 8), "augment")).as("seed").isNotEqualTo(random);
        assertThat(indexed.key(new View(1, 7), "other")).as("augmentation").isNotEqualTo(random);
    }
}
