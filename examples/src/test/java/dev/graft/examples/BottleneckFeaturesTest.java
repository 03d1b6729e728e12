package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.train.History;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BottleneckFeaturesTest {
    @TempDir
    Path folder;

    private final Printed printed = new Printed();

    @Test
    void aSmallNetworkLearnsFromRecordedFeatureMaps() {
        Drawings.twoShapes(folder, 30, 64, 1);
        History history = BottleneckFeatures.run(ExampleOptions.of(folder, 4, 96), printed.out);
        assertThat(history.bestEpoch()).isPositive();
        assertThat(history.best().accuracy()).isGreaterThanOrEqualTo(0.9);
        assertThat(history.best().loss()).isLessThan(history.before().loss());
        assertThat(printed.text())
                .contains("48 pictures to learn from and 12 to validate on have become feature maps [N, 576, 3, 3]");
    }
}
