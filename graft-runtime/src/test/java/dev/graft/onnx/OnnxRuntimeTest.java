package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What starting ONNX Runtime does to a machine: natives unpacked once, nothing sent anywhere. */
@Tag("slow")
class OnnxRuntimeTest {
    @TempDir
    Path folder;

    /** Decision 0008: later versions carry their maker's telemetry, which this variable would switch off. */
    @ParameterizedTest
    @ValueSource(strings = {"linux-x64/libonnxruntime.so", "osx-aarch64/libonnxruntime.dylib"})
    void theNativeLibraryHoldsNoTelemetry(String library) throws IOException {
        try (InputStream in = OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/" + library)) {
            assertThat(in).as("is packed under this name").isNotNull();
            String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(bytes.contains("OrtGetApiBase")).as("is the library").isTrue();
            assertThat(bytes.contains("ORT_DISABLE_TELEMETRY")).isFalse();
        }
    }

    @Test
    void nativesAreUnpackedOnceIntoGraftsHomeAndNowhereElse() throws IOException, InterruptedException {
        Path home = folder.resolve("home");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        probe(home, temporary);
        Map<Path, FileTime> first = natives(home);
        assertThat(first.keySet().stream().map(path -> path.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni"));
        assertThat(first.keySet().toString()).containsPattern("onnxruntime-\\d+\\.\\d+\\.\\d+");
        probe(home, temporary);
        assertThat(natives(home)).isEqualTo(first);
    }

    /** Without a place for them the library's own way must do. */
    @Test
    void aHomeThatCannotBeWrittenIsNoObstacle() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("home"), "a file, not a folder");
        run(file, Files.createDirectory(folder.resolve("tmp")));
    }

    private static void probe(Path home, Path temporary) throws IOException, InterruptedException {
        run(home, temporary);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.contains("onnxruntime")))
                    .isEmpty();
        }
    }

    private static Map<Path, FileTime> natives(Path home) throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private static void run(Path home, Path temporary) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                OnnxRuntimeProbe.class.getName()));
        builder.environment().put("GRAFT_HOME", home.toString());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("ran [1, 3]");
        assertThat(process.exitValue()).isZero();
    }
}
