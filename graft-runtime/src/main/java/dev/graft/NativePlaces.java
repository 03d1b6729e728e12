package dev.graft;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where native libraries are unpacked to be loaded from: into Graft's home, or where that is read-only or on a file system
 * that holds no programs (mounted {@code noexec}), into a folder of the user's among the temporary files.
 */
public final class NativePlaces {
    private static final String REMEDY =
            "Name a folder that may be written and may hold programs: GRAFT_HOME=FOLDER, or -Djava.io.tmpdir=FOLDER";

    private static final String JAVACPP = "org.bytedeco.javacpp.";

    private NativePlaces() {}

    /** Brings the libraries into a folder. */
    public interface Unpacking {
        /** Whether they are in a folder already, and whole. */
        boolean isDone(Path folder);

        void into(Path folder) throws IOException;
    }

    /**
     * The folder from which libraries can be loaded, with them in it.
     *
     * @param name of a folder of theirs, which tells their version
     * @throws GraftException if there is no such place
     */
    public static Path unpacked(String name, Unpacking unpacking) {
        Map<Path, String> refused = new LinkedHashMap<>();
        for (Path natives : (Iterable<Path>) ofGraft()::iterator) {
            Path folder = natives.resolve(name);
            if (unpacking.isDone(folder)) {
                return folder;
            }
            String why = refusal(folder);
            if (why == null) {
                try {
                    unpacking.into(folder);
                    return folder;
                } catch (IOException e) {
                    why = cannotBeWritten(e);
                }
            }
            refused.put(natives, why);
        }
        throw nowhere(refused);
    }

    /**
     * Tells JavaCPP where to unpack, and to leave the limits of memory to the system: by default it refuses to go on when
     * the process takes three times the heap, which small heaps do at once. To be called before JavaCPP is touched; what a
     * user has set stays.
     *
     * @throws GraftException if there is no place
     */
    public static synchronized void prepareJavaCpp() {
        setUnlessSet("maxBytes", "maxbytes", "0");
        setUnlessSet("maxPhysicalBytes", "maxphysicalbytes", "0");
        Map<Path, String> refused = new LinkedHashMap<>();
        for (Path place : (Iterable<Path>) ofJavaCpp()::iterator) {
            String why = refusal(place);
            if (why == null) {
                System.setProperty(JAVACPP + "cachedir", place.toString());
                return;
            }
            refused.put(place, why);
        }
        throw nowhere(refused);
    }

    /** Its own place first, which other programs share. */
    private static Stream<Path> ofJavaCpp() {
        String named = System.getProperty(JAVACPP + "cachedir", System.getProperty(JAVACPP + "cacheDir"));
        if (named != null) {
            return Stream.of(Path.of(named));
        }
        Stream<Path> own = Stream.ofNullable(UserHome.get())
                .map(home -> home.resolve(".javacpp").resolve("cache"));
        return Stream.concat(own, ofGraft().map(natives -> natives.resolve("javacpp")));
    }

    private static void setUnlessSet(String name, String other, String value) {
        if (System.getProperty(JAVACPP + name) == null && System.getProperty(JAVACPP + other) == null) {
            System.setProperty(JAVACPP + name, value);
        }
    }

    /** One after the other: the second is not made where the first will do. */
    private static Stream<Path> ofGraft() {
        return Stream.<Supplier<Optional<Path>>>of(
                        () -> Optional.of(GraftHome.get().natives()),
                        () -> Optional.ofNullable(UserHome.below(temporary())).map(folder -> folder.resolve("natives")))
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .distinct();
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Why libraries cannot be loaded from a folder, which is made where it is missing; null if they can. */
    static @Nullable String refusal(Path folder) {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "probe", ".tmp", executable());
            try {
                // The system answers this for the file system too, also for root.
                return Files.isExecutable(probe) ? null : "holds no programs (mounted noexec)";
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            return cannotBeWritten(e);
        }
    }

    private static String cannotBeWritten(IOException e) {
        return "cannot be written ("
                + (e instanceof FileAlreadyExistsException ? "a file is in the way" : WholeFile.reason(e)) + ")";
    }

    private static FileAttribute<?>[] executable() {
        return UserHome.isUnix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static GraftException nowhere(Map<Path, String> refused) {
        List<String> places = new ArrayList<>();
        refused.forEach((place, why) -> places.add(place + " " + why));
        if (UserHome.below(temporary()) == null) {
            places.add(temporary() + " has no place for a folder of this user's alone");
        }
        return new GraftException(
                "there is no place to unpack native libraries to: " + String.join(", ", places) + ". " + REMEDY);
    }

    /**
     * What a user is told when a library cannot be loaded.
     *
     * @param library its name
     * @param otherwise what to do about a failure of no known kind
     */
    public static GraftException failure(String library, Throwable cause, String otherwise) {
        if (!Files.isWritable(temporary())) {
            return new GraftException(
                    library + " cannot be loaded: there is no folder for temporary files, " + temporary()
                            + " cannot be written; name another with TMPDIR=FOLDER, or -Djava.io.tmpdir=FOLDER",
                    cause);
        }
        if (OpenFiles.areExhausted(cause)) {
            return new GraftException(library + " cannot be loaded: " + OpenFiles.EXHAUSTED, cause);
        }
        String reason = reason(cause);
        return new GraftException(library + " cannot be loaded: " + reason + "; " + remedy(reason, otherwise), cause);
    }

    private static String remedy(String reason, String otherwise) {
        if (reason.contains("failed to map segment") || reason.contains("not permitted")) {
            return "its folder may not hold programs (mounted noexec?). " + REMEDY;
        }
        if (reason.contains("No space left") || reason.contains("quota")) {
            return "make room. Or: " + REMEDY;
        }
        if (reason.contains("allocate memory")) {
            return "allow the process more memory (ulimit -v)";
        }
        if (reason.contains("ld-linux") || reason.contains("ld-musl")) {
            return "it needs the GNU C library: use a system like Debian, Ubuntu or Fedora rather than Alpine";
        }
        return otherwise;
    }

    /** The innermost message: those around it name classes. */
    private static String reason(Throwable failure) {
        String reason = failure.toString();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                reason = cause.getMessage();
            }
        }
        return reason;
    }
}
