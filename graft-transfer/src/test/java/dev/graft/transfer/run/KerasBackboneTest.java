package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Picture;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keras' MobileNetV2 from its own file, on photographs from outside the repository. */
@Tag("slow")
class KerasBackboneTest {
    private static final Path WEIGHTS = Photographs.SHARED.resolve("weights/mobilenet_v2_imagenet_keras.h5");
    private static final Pretrained KERAS = Zoo.pretrained("mobilenet_v2_keras");

    @BeforeEach
    void weightsAreThere() {
        assumeTrue(Files.exists(WEIGHTS), "NOT TESTED, no weights at " + WEIGHTS);
    }

    @Test
    void knowsMostOfTheSamplePhotographs() throws IOException {
        List<Picture> pictures = Photographs.samples();
        assertThat(pictures).hasSize(57);
        assertThat(Photographs.right(pictures, KERAS, WEIGHTS)).isGreaterThanOrEqualTo(51);
    }

    @Test
    void tellsCatsFromDogsAsAFrozenBackbone(@TempDir Path cache) {
        assertThat(Photographs.catsAndDogs(KERAS, WEIGHTS, cache)).isGreaterThanOrEqualTo(0.985);
    }
}
