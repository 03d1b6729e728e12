package dev.graft.data;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The pictures that tools/reference/pictures.py makes, and what is read of them. */
final class TestPictures {
    private TestPictures() {}

    static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(TestPictures.class.getResource("pictures"))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(folder().resolve(name));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }

    static float[] read(PictureReader reader, byte[] file, View view) throws UnreadablePictureException {
        float[] pixels = new float[reader.geometry().elements()];
        reader.read(file, view, FloatBuffer.wrap(pixels));
        return pixels;
    }

    /** A folder of ../shared; the test is skipped where it is absent. */
    static Path shared(String name) {
        String set = System.getenv("GRAFT_SHARED");
        Path root = set != null ? Path.of(set) : Path.of("..", "..", "shared");
        Path folder = root.resolve(name);
        Assumptions.assumeTrue(
                Files.isDirectory(folder), () -> "SKIPPED: no " + folder.toAbsolutePath() + "; set GRAFT_SHARED");
        return folder;
    }

    static double meanDifference(float[] pixels, byte[] expected, int from) {
        double sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            sum += Math.abs(pixels[i] - (expected[from + i] & 0xFF));
        }
        return sum / pixels.length;
    }
}
