package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.layers.BatchNormalization;
import dev.graft.layers.WeightSpec;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Xception against what Keras' own summary says of it, at 150x150 pixels without top. */
class XceptionTest {
    private static final Program BASE =
            Program.of(Xception.draw(Node.input(3, 150, 150)).withoutTop());

    /** Layer by layer; Keras lists them by depth, so the order within a block differs. */
    @Test
    void everyLayerHasKerasNameShapeAndParameters() throws IOException {
        List<String> ours = new ArrayList<>();
        for (Program.Step step : BASE.steps()) {
            assertThat(step.shape().size(2)).isEqualTo(step.shape().size(3));
            ours.add(step.path() + " " + step.shape().size(2) + " "
                    + step.shape().size(1) + " " + step.parameters());
        }
        try (InputStream in = XceptionTest.class.getResourceAsStream("/reference/xception_keras_summary.txt")) {
            assertThat(in).isNotNull();
            List<String> keras = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(keras).hasSize(131);
            assertThat(ours).containsExactlyInAnyOrderElementsOf(keras);
        }
    }

    @Test
    void totalsAreKeras() {
        assertThat(BASE.shapeOf(BASE.outputs().get(0))).isEqualTo(Shape.batchOf(2048, 5, 5));
        assertThat(numbers(BASE, false)).isEqualTo(20_861_480);
        assertThat(numbers(BASE, true)).isEqualTo(54_528);
        assertThat(numbers(Program.of(Xception.draw(Node.input(3, 299, 299)).withTop(1000)), false))
                .isEqualTo(22_910_480);
    }

    private static long numbers(Program program, boolean onlyStatistics) {
        return program.weights().values().stream()
                .filter(spec -> !(onlyStatistics && spec.trainable()))
                .map(WeightSpec::shape)
                .mapToLong(Shape::elements)
                .sum();
    }

    /** Keras' momentum 0.99 is the share of the old; ours is that of the new. */
    @Test
    void normalisationsAreKeras() {
        assertThat(BASE.steps().stream().map(Program.Step::layer).filter(BatchNormalization.class::isInstance))
                .hasSize(40)
                .containsOnly(new BatchNormalization(1e-3, 0.01));
    }
}
