package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The runs for other processors are runs on other instruction sets indeed. */
class InstructionSetTest {
    private static final String ASKED = "ATEN_CPU_CAPABILITY";

    @Test
    @EnabledIfEnvironmentVariable(named = ASKED, matches = ".+")
    void libtorchUsesTheInstructionSetThatIsAskedFor() {
        assertThat(Probe.instructionSet()).isEqualTo(System.getenv(ASKED).toUpperCase(Locale.ROOT));
    }
}
