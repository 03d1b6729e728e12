package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Picture;
import dev.graft.testing.NpmInception;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's Inception V3 out of npm's package, on photographs from outside the repository. */
@Tag("slow")
class NpmBackboneTest {
    private static final Pretrained INCEPTION = Zoo.pretrained("inception_v3");

    @Test
    void knowsMostOfTheSamplePhotographs() throws IOException {
        List<Picture> pictures = Photographs.samples();
        assertThat(pictures).hasSize(57);
        assertThat(Photographs.right(pictures, INCEPTION, NpmInception.file())).isGreaterThanOrEqualTo(45);
    }

    @Test
    void tellsCatsFromDogsAsAFrozenBackbone(@TempDir Path work) throws IOException {
        assertThat(Photographs.someCatsAndDogs(INCEPTION, NpmInception.file(), work))
                .isGreaterThanOrEqualTo(0.975);
    }
}
