package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SpellingTest {
    private static final String COMPOSED = "caf\u00E9";
    private static final String APART = "cafe\u0301";

    @Test
    void bothUnicodeFormsAreOneName() {
        assertThat(Spelling.same(COMPOSED, APART)).isTrue();
        assertThat(Spelling.same("\uAC15", "\u1100\u1161\u11BC")).as("Hangul").isTrue();
        assertThat(Spelling.same("cafe", APART)).isFalse();
        assertThat(Spelling.same("A", "\uFF21")).as("a wide letter is another").isFalse();
        assertThat(Spelling.indexOf(List.of("bar", APART), COMPOSED)).isEqualTo(1);
        assertThat(Spelling.indexOf(List.of("bar"), COMPOSED)).isEqualTo(-1);
        assertThat(Spelling.distinct(List.of(APART, "bar", COMPOSED))).containsExactly(APART, "bar");
        assertThat(Spelling.escaped(APART)).isEqualTo("cafe\\u0301");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "SKIPPED: names are text there")
    void bytesThatAreNoTextAreShownAsSuch(@TempDir Path root) {
        Path lost = Path.of(URI.create(root.toUri() + "a%B5%FEb%20c.png"));
        assertThat(FileName.isWhole(lost)).isFalse();
        assertThat(FileName.shown(lost)).isEqualTo(root + "/a\\xB5\\xFEb c.png");
        assertThat(FileName.shown(root.relativize(lost))).isEqualTo("a\\xB5\\xFEb c.png");
        assertThat(FileName.isWhole(root.resolve("100% ?.png"))).isTrue();
        assertThat(FileName.shown(root.resolve("100% ?.png"))).isEqualTo(root + "/100% ?.png");
    }
}
