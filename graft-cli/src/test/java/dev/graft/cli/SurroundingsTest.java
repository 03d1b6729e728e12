package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
    private static final String ROOT = Path.of("").toAbsolutePath().getRoot().toString();
    private static final GraftHome GRAFT = new GraftHome(Path.of(ROOT, "tmp", "graft-12345"));

    @Test
    void aHomeThatJavaKnowsStays() {
        assertThat(Surroundings.home(ROOT + "home", ROOT + "other", GRAFT)).isEqualTo(ROOT + "home");
    }

    @Test
    void aUserWithoutAnEntryInThePasswordFileHasTheHomeOfTheEnvironmentOrGrafts() {
        assertThat(Surroundings.home("?", ROOT + "home", GRAFT)).isEqualTo(ROOT + "home");
        assertThat(Surroundings.home("?", null, GRAFT)).isEqualTo(GRAFT.folder().toString());
        assertThat(Surroundings.home("?", "", GRAFT)).isEqualTo(GRAFT.folder().toString());
    }
}
