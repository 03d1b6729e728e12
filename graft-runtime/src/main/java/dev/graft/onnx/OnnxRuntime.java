package dev.graft.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.Closing;
import dev.graft.GraftException;
import dev.graft.NativePlaces;
import dev.graft.ProcessEnd;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process's ONNX Runtime. Its own loader unpacks 20 MB of natives into a temporary folder at every start, 0.3 s each
 * time; here they are unpacked once into Graft's home and loaded from there.
 */
final class OnnxRuntime {
    private static final String PATH_PROPERTY = "onnxruntime.native.path";
    private static final String RESOURCES = "/ai/onnxruntime/native/";

    private OnnxRuntime() {}

    private static volatile @Nullable OrtEnvironment environment;

    static OrtEnvironment environment() {
        OrtEnvironment started = environment;
        return started != null ? started : start();
    }

    private static synchronized OrtEnvironment start() {
        OrtEnvironment started = environment;
        if (started != null) {
            return started;
        }
        // The CUDA build has half a gigabyte of further libraries; it goes the library's own way.
        if (System.getProperty(PATH_PROPERTY) == null && !isCudaBuild()) {
            Path folder = NativePlaces.unpacked("onnxruntime-" + version(), new Natives());
            System.setProperty(PATH_PROPERTY, folder.toString());
        }
        try {
            OrtEnvironment loaded = LastingEnvironment.open();
            environment = loaded;
            return loaded;
        } catch (LinkageError | RuntimeException e) {
            throw NativePlaces.failure(
                    "ONNX Runtime", e, "Graft runs on linux-x86_64, macosx-arm64 and windows-x86_64");
        }
    }

    private static boolean isCudaBuild() {
        String name = System.mapLibraryName("onnxruntime_providers_cuda");
        return OrtEnvironment.class.getResource(RESOURCES + platform() + "/" + name) != null;
    }

    /** The two libraries in the jar. */
    private static final class Natives implements NativePlaces.Unpacking {
        private static final List<String> NAMES = Stream.of("onnxruntime", "onnxruntime4j_jni")
                .map(System::mapLibraryName)
                .toList();

        @Override
        public boolean isDone(Path folder) {
            // Executable: so it was unpacked, unless the file system holds no programs.
            return NAMES.stream().map(folder::resolve).allMatch(file -> Files.isExecutable(file) && isWhole(file));
        }

        private static boolean isWhole(Path file) {
            try {
                URL packed = OrtEnvironment.class.getResource(resource(file));
                return packed != null
                        && Files.size(file) == packed.openConnection().getContentLengthLong();
            } catch (IOException e) {
                return false;
            }
        }

        private static String resource(Path file) {
            return RESOURCES + platform() + "/" + file.getFileName();
        }

        @Override
        public void into(Path folder) throws IOException {
            for (String name : NAMES) {
                copy(resource(Path.of(name)), folder.resolve(name));
            }
        }

        /** Written beside the target and moved, so that another process never loads half a library. */
        private static void copy(String resource, Path target) throws IOException {
            try (InputStream in = OrtEnvironment.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IOException("no resource " + resource);
                }
                Files.createDirectories(target.getParent());
                Path half = Files.createTempFile(target.getParent(), "unpacking", ".tmp");
                try {
                    Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
                    half.toFile().setExecutable(true);
                    Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(half);
                }
            }
        }
    }

    /** The name of the library's folder for this machine inside its jar. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.contains("win") ? "win" : os.contains("mac") ? "osx" : "linux";
        boolean arm = arch.contains("aarch64") || arch.contains("arm64");
        return system + "-" + (arm ? "aarch64" : "x64");
    }

    private static String version() {
        String version = OrtEnvironment.class.getPackage().getImplementationVersion();
        return version == null ? "unversioned" : version;
    }

    /**
     * Loads a graph, which takes a moment that the end of the process waits for.
     *
     * @throws OrtException if ONNX Runtime refuses it
     */
    static OrtSession session(byte[] graph, OrtSession.SessionOptions options) throws OrtException {
        OrtEnvironment environment = environment();
        ProcessEnd.enter();
        try {
            return environment.createSession(graph, options);
        } finally {
            ProcessEnd.leave();
        }
    }

    /** What lets sessions be closed while others use them. */
    static Closing closing(String what, OrtSession session) {
        return Closing.of(what, () -> {
            try {
                session.close();
            } catch (OrtException e) {
                throw failure(what + " could not be closed", e);
            }
        });
    }

    /** Our words round the library's. */
    static GraftException failure(String what, Exception cause) {
        return new GraftException("ONNX Runtime: " + what + ": " + cause.getMessage(), cause);
    }
}
