package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes and texts that go into a file come out of it. */
class ReadBackTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
    void bytesOfAnyLength(int length) throws IOException {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        Path file = folder.resolve("file");
        ReadBack.write(WholeFile.at(file), content);
        assertThat(file).hasBinaryContent(content);
    }

    /** As a disk that lies would: the file is another when it is looked at. */
    @Test
    void otherBytesAreNoFile() throws IOException {
        byte[] content = new byte[100_000];
        Path half = folder.resolve("half");
        for (int length : new int[] {0, 65_536, 99_999, 100_001}) {
            Files.write(half, new byte[length]);
            Refusals.refused(
                    () -> ReadBack.check(folder.resolve("file"), half, content), "file: other bytes came back");
        }
        byte[] changed = content.clone();
        changed[70_000] = 1;
        Files.write(half, changed);
        Refusals.refused(() -> ReadBack.check(folder.resolve("file"), half, content), "file: other bytes came back");
        Files.write(half, content);
        ReadBack.check(folder.resolve("file"), half, content);
    }

    @Test
    void jsonKeepsLettersAndEscapesTheirHalves() throws IOException {
        String sound = "{\"\ud83d\ude00\":\"gr\u00f6\u00dfer \ud835\udd6c\"}";
        assertThat(JsonText.wellFormed(sound)).isEqualTo(sound);
        assertThat(JsonText.of(JsonText.bytes(sound))).isEqualTo(sound);
        assertThat(JsonText.wellFormed("\"a\ud83d\"")).isEqualTo("\"a\\ud83d\"");
        assertThat(JsonText.wellFormed("\"\ude00\ud83d\ude00\ud83d\"")).isEqualTo("\"\\ude00\ud83d\ude00\\ud83d\"");
        assertThatThrownBy(() -> JsonText.of(new byte[] {(byte) 0xc0, (byte) 0x80}))
                .isInstanceOf(CharacterCodingException.class);
    }
}
