package dev.graft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.examples.WorkflowOne.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The guide's example on the guide's pictures: 480 to learn from, 120 to choose the best epoch by, 200 to test on. */
class WorkflowOnePhotosTest {
    @Test
    void tellsCatsFromDogs() {
        String shared = System.getenv("GRAFT_SHARED");
        Path photos = (shared != null ? Path.of(shared) : Path.of("..", "..", "shared")).resolve("data/cats_dogs");
        Assumptions.assumeTrue(
                Files.isDirectory(photos), () -> "SKIPPED: no " + photos.toAbsolutePath() + "; set GRAFT_SHARED");
        ExampleOptions options = new ExampleOptions();
        options.folder = photos;

        Result result = WorkflowOne.run(options, System.out);
        assertThat(result.head().testAccuracy()).isGreaterThan(0.935);
        assertThat(result.fineTuning().testAccuracy())
                .isGreaterThanOrEqualTo(result.head().testAccuracy());
        // The best weights are kept, so that by validation it could not get worse: it has to get better.
        assertThat(result.fineTuning().history().bestEpoch()).isPositive();
        assertThat(result.statisticsKept()).isTrue();
    }
}
