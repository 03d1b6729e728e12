package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleStreamTest {
    @Test
    void theTerminalIsAsWideAsTheShellSays() {
        assertThat(ConsoleStream.columns("132")).isEqualTo(132);
        assertThat(ConsoleStream.columns(null)).isEqualTo(80);
        assertThat(ConsoleStream.columns("20")).isEqualTo(20);
        assertThat(ConsoleStream.columns("19")).isEqualTo(80);
        assertThat(ConsoleStream.columns("0")).isEqualTo(80);
        assertThat(ConsoleStream.columns("wide")).isEqualTo(80);
    }

    @Test
    void theCharacterSetIsTheStreamsWhereTheJdkTells() {
        PrintStream ascii = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.US_ASCII);
        boolean tells = Runtime.version().feature() >= 18;
        assertThat(ConsoleStream.charset(ascii))
                .isEqualTo(tells ? StandardCharsets.US_ASCII : Charset.defaultCharset());
    }

    /** Of the lines of tables code page 850 has the thin ones only. */
    @ParameterizedTest
    @CsvSource({
        "UTF-8, ┏, true",
        "US-ASCII, ┏, false",
        "IBM850, ┏, false",
        "IBM850, │, true",
        "GB18030, ┏, true",
        "US-ASCII, +--+, true"
    })
    void notEveryCharacterSetHasLines(String charset, String text, boolean shown) {
        assertThat(ConsoleStream.canShow(text, Charset.forName(charset))).isEqualTo(shown);
    }
}
