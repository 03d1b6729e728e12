package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
    /** A step of 16 bytes stands for the GiB of real files. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 48, 100})
    void everySliceUpToAStepIsFoundInSomeWindow(int size, @TempDir Path folder) throws IOException {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) i;
        }
        Bytes bytes = Bytes.map(Files.write(folder.resolve("x"), content), 16);
        assertThat(bytes.size()).isEqualTo(size);
        assertThat(bytes.longestSlice()).isEqualTo(size < 32 ? size : 16);
        for (int begin = 0; begin <= size; begin++) {
            for (int length = 0; length <= Math.min(16, size - begin); length++) {
                assertThat(bytes.slice(begin, length)).isEqualTo(ByteBuffer.wrap(content, begin, length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPartIsAddressedFromItsBeginning(boolean mapped, @TempDir Path folder) throws IOException {
        byte[] content = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        Bytes whole = mapped
                ? Bytes.map(Files.write(folder.resolve("x"), content), 16)
                : Bytes.of("x", ByteBuffer.wrap(content));
        Bytes part = whole.part(2, 7).part(1, 5);
        assertThat(part.size()).isEqualTo(5);
        assertThat(part.longestSlice()).isEqualTo(5);
        assertThat(part.slice(1, 3)).isEqualTo(ByteBuffer.wrap(content, 4, 3));
        assertThat(part.copy(1, 3)).isEqualTo(ByteBuffer.wrap(content, 4, 3));
    }
}
