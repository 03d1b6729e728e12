package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The files that {@code tools/reference/weight_files.py} wrote, and the formula of their numbers. */
final class TinyFiles {
    private TinyFiles() {}

    static byte[] bytes(String name) {
        try (InputStream in = TinyFiles.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks every element of the tensor at one place of the list. */
    static void assertFormula(HostTensor tensor, int place) {
        float[] expected = new float[tensor.elements()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = ((37L * i + 11 + place) % 101 - 50) / 8f;
        }
        assertThat(tensor.toArray()).containsExactly(expected);
    }
}
