package dev.graft.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.Closing;
import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.ProcessEnd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * The process's ONNX Runtime. Its own loader unpacks 20 MB of natives into a temporary folder at every start, 0.3 s each
 * time; here they are unpacked once into Graft's home and loaded from there.
 */
final class OnnxRuntime {
    private static final String PATH_PROPERTY = "onnxruntime.native.path";
    private static final String RESOURCES = "/ai/onnxruntime/native/";

    private OnnxRuntime() {}

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = start();
    }

    static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    private static OrtEnvironment start() {
        // The CUDA build has half a gigabyte of further libraries; it goes the library's own way.
        if (System.getProperty(PATH_PROPERTY) == null && !isCudaBuild()) {
            unpack();
        }
        return LastingEnvironment.open();
    }

    private static boolean isCudaBuild() {
        String name = System.mapLibraryName("onnxruntime_providers_cuda");
        return OrtEnvironment.class.getResource(RESOURCES + platform() + "/" + name) != null;
    }

    /** Without a writable home the library's own way is used, which is slower but works. */
    private static void unpack() {
        Path folder = GraftHome.get().natives().resolve("onnxruntime-" + version());
        try {
            for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
                String name = System.mapLibraryName(library);
                Path target = folder.resolve(name);
                if (!Files.exists(target)) {
                    copy(RESOURCES + platform() + "/" + name, target);
                }
            }
            System.setProperty(PATH_PROPERTY, folder.toString());
        } catch (IOException e) {
            System.clearProperty(PATH_PROPERTY);
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
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(half);
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
