package dev.graft;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileBlocksTest {
    @TempDir
    private Path folder;

    /** The check value of the catalogue of CRC algorithms. */
    @Test
    void theChecksumIsCastagnolis() {
        byte[] digits = "123456789".getBytes(US_ASCII);
        assertThat(FileBlocks.crc32c(digits)).isEqualTo(0xE3069283);
        ByteBuffer within = ByteBuffer.wrap("x123456789y".getBytes(US_ASCII), 1, 9);
        assertThat(FileBlocks.crc32c(within)).isEqualTo(0xE3069283);
        assertThat(within.remaining()).isEqualTo(9);
    }

    @Test
    void blocksAreLittleEndianAndReadInAnyOrder() throws IOException {
        try (FileChannel channel = channel()) {
            assertThat(FileBlocks.read(channel, 4, 4).getInt()).isEqualTo(0x08070605);
            assertThat(FileBlocks.read(channel, 0, 4).getInt()).isEqualTo(0x04030201);
            assertThat(FileBlocks.read(channel, 8, 0).remaining()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 4", "9, 0", "-1, 2", "0, -1", "9223372036854775807, 2147483647"})
    void whatIsNotThereIsRefused(long position, int bytes) throws IOException {
        try (FileChannel channel = channel()) {
            assertThatThrownBy(() -> FileBlocks.read(channel, position, bytes))
                    .isInstanceOf(IOException.class)
                    .hasMessage("too short");
        }
    }

    private FileChannel channel() throws IOException {
        return FileChannel.open(Files.write(folder.resolve("file"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }
}
