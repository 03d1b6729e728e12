package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.examples.WorkflowOne.Result;
import dev.graft.train.History;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowOneTest {
    @TempDir
    Path folder;

    private final Printed printed = new Printed();

    @Test
    void trainsTheHeadThenEverythingButTheStatistics() {
        Drawings.twoShapes(folder, 30, 64, 1);
        Result result = WorkflowOne.run(ExampleOptions.of(folder, 3, 128), printed.out);

        History head = result.head().history();
        History fineTuning = result.fineTuning().history();
        assertThat(head.bestEpoch()).isPositive();
        assertThat(head.best().get("binary_accuracy")).isGreaterThanOrEqualTo(0.9);
        assertThat(fineTuning.before()).as("compiling keeps the weights").isEqualTo(head.best());
        assertThat(fineTuning.bestEpoch()).isPositive();
        assertThat(fineTuning.best().loss()).isLessThan(head.best().loss());
        assertThat(result.fineTuning().testAccuracy()).isGreaterThanOrEqualTo(0.9);
        assertThat(result.statisticsKept()).isTrue();
    }

    /** MobileNetV3-Small has 1,517,856 parameters before its classifier and 12,112 statistics; the head has 1,025. */
    @Test
    void showsBothPhasesAsSummaries() {
        Drawings.twoShapes(folder, 10, 64, 1);
        WorkflowOne.run(ExampleOptions.of(folder, 1, 64), printed.out);
        assertThat(printed.text())
                .startsWith("The weights of xception are not here; fetch them with 'graft models pull xception'")
                .containsSubsequence(
                        "pictures: 12 to learn from, 4 to validate and 4 to test on",
                        " Trainable params: 1,025 (4.00 KB)\n Non-trainable params: 1,529,968 (5.84 MB)",
                        "accuracy after head: ",
                        " Trainable params: 1,518,881 (5.79 MB)\n Non-trainable params: 12,112 (47.31 KB)",
                        "accuracy after fine-tuning: ",
                        "the 68 means and variances of batch normalisation are what they were");
    }

    @Test
    void moreThanTwoClassesAreRefused() {
        Drawings.shapes(folder, 3, 32, 1);
        assertThatThrownBy(() -> WorkflowOne.run(ExampleOptions.of(folder, 1, 64), printed.out))
                .isInstanceOf(GraftException.class)
                .hasMessage("labels: binary labels are for two classes, got 4 (circle, square, star, triangle); use"
                        + " Labels.INDEX or Labels.ONE_HOT");
    }
}
