package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.examples.WorkflowTwo.Result;
import dev.graft.tensor.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowTwoTest {
    @TempDir
    Path folder;

    private final Printed printed = new Printed();

    /** The features come from ONNX Runtime with folded batch normalisation, the joined network runs in libtorch. */
    @Test
    void theJoinedNetworkPredictsWhatTheHeadDoesOnFeatures() {
        Drawings.twoShapes(folder, 30, 64, 1);
        Result result = WorkflowTwo.run(ExampleOptions.of(folder, 8, 128), printed.out);
        assertThat(result.reached().get("binary_accuracy")).isGreaterThanOrEqualTo(0.9);
        assertThat(result.joined().shape()).isEqualTo(Shape.of(12, 1));
        assertThat(result.apart().shape()).isEqualTo(Shape.of(12, 1));
        double largest = 0;
        for (int i = 0; i < 12; i++) {
            largest = Math.max(largest, Math.abs(result.apart().get(i)));
        }
        assertThat(largest).as("the largest logit").isGreaterThan(0.5);
        assertThat(result.joined().toArray())
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(result.apart().toArray());
    }
}
