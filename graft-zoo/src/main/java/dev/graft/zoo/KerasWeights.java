package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.model.Node;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What Keras publishes: networks as Keras defines them, with {@code _keras} after a name that torchvision has too.
 *
 * @see <a href="https://keras.io/api/applications/">Keras' table</a>
 */
final class KerasWeights {
    /** As mean and deviation: pixels of -1 to 1. */
    static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    private KerasWeights() {}

    static Stream<Pretrained> all() {
        return Stream.concat(KerasClassics.all(), others());
    }

    private static Stream<Pretrained> others() {
        return Stream.of(
                of(
                        "mobilenet_v2_keras",
                        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
                        13.8,
                        ModelCard.of("MobileNetV2 as Keras pads it", 71.3, "Apache-2.0 (Keras)"),
                        InputGeometry.centerCrop(224, 256),
                        input -> MobileNetV2.draw(1, input, MobileNetV2.Flavour.KERAS)),
                of(
                        "inception_v3_keras",
                        "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
                        91.7,
                        ModelCard.of("Inception V3 of Keras", 77.9, "Apache-2.0 (Keras)"),
                        InputGeometry.stretch(299),
                        InceptionV3::keras),
                of(
                        "xception",
                        "xception_weights_tf_dim_ordering_tf_kernels.h5",
                        87.6,
                        ModelCard.of("Xception", 79.0, "MIT (Keras)"),
                        InputGeometry.stretch(299),
                        Xception::draw));
    }

    private static Pretrained of(
            String name,
            String file,
            double size,
            ModelCard card,
            InputGeometry geometry,
            Function<Node, Backbone> architecture) {
        return new Pretrained(
                name, card, geometry, HALF, HALF, architecture, new WeightSource.Published("Keras", file, size));
    }
}
