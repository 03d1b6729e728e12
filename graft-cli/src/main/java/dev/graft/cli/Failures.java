package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.GraftVersion;
import dev.graft.Message;
import dev.graft.OpenFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a user is told when a command fails: one line, never a stack trace. */
final class Failures {
    private Failures() {}

    /** The line for a failure; what nobody expected is written to a file that the line names. */
    static String message(Throwable failure, String command, GraftHome home) {
        if (failure instanceof GraftException expected) {
            return Text.printable(ours(expected));
        }
        OutOfMemoryError memory = causes(failure)
                .filter(OutOfMemoryError.class::isInstance)
                .map(OutOfMemoryError.class::cast)
                .findFirst()
                .orElse(null);
        if (memory != null) {
            return outOf(String.valueOf(memory.getMessage()));
        }
        if (OpenFiles.areExhausted(failure)) {
            return OpenFiles.EXHAUSTED;
        }
        if (causes(failure).anyMatch(NoClassDefFoundError.class::isInstance)) {
            return "a part of Graft cannot be loaded (" + Text.printable(failure.toString())
                    + "); was it built again meanwhile, or may it open too few files (ulimit -n)? Run the command again";
        }
        if (causes(failure).anyMatch(InvalidPathException.class::isInstance)) {
            return Text.printable(String.valueOf(failure.getMessage()))
                    + "; a name that this locale cannot write: set LC_ALL=C.UTF-8 and run the command again";
        }
        if (causes(failure).anyMatch(Failures::saysDiskFull)) {
            return "the disk is full (" + Text.printable(String.valueOf(failure.getMessage()))
                    + "); free some space and run the command again";
        }
        String what = Text.printable(failure.toString());
        Path report = report(failure, command, home);
        return "unexpected: " + what + "; please report it"
                + (report == null ? "" : " with the file " + Text.path(report));
    }

    /** Settings are called by their options. */
    static String ours(GraftException failure) {
        return failure.message(key -> "--" + key);
    }

    /** The same of a line that is no failure. */
    static String ours(Message line) {
        return line.in(key -> "--" + key);
    }

    /** Java says "out of memory" of several things, which have remedies of their own. */
    private static String outOf(String what) {
        if (what.contains("native thread")) {
            return "the system allows no more threads; use fewer --threads, or allow more ('ulimit -u', a container's"
                    + " limit of processes)";
        }
        if (what.contains("Metaspace") || what.contains("class space")) {
            return "out of memory for classes; allow more with GRAFT_JAVA_OPTS=-XX:MaxMetaspaceSize=256m";
        }
        if (what.contains("irect")) {
            return "out of memory beside the heap; allow more with GRAFT_JAVA_OPTS=-XX:MaxDirectMemorySize=4g";
        }
        if (what.contains("hysical") || what.contains("within limits")) {
            return "out of the memory that org.bytedeco.javacpp.maxPhysicalBytes or maxBytes allows (" + what
                    + "); allow more, or do not set it";
        }
        if (what.contains("Map failed") || what.contains("allocate")) {
            return "the system gives no more memory (" + what
                    + "); use fewer --threads, in training a smaller --batch, or allow"
                    + " more ('ulimit -v', a container's limit of memory)";
        }
        return "out of memory with at most "
                + Text.bytes(Runtime.getRuntime().maxMemory())
                + " of heap; use fewer --threads, in training a smaller --batch, or allow more with GRAFT_JAVA_OPTS=-Xmx4g";
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }

    private static boolean saysDiskFull(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
    }

    private static @Nullable Path report(Throwable failure, String command, GraftHome home) {
        StringWriter text = new StringWriter();
        text.write("graft " + command + "\nversion " + GraftVersion.get() + "\nJava "
                + System.getProperty("java.runtime.version") + "\n" + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + "\n\n");
        failure.printStackTrace(new PrintWriter(text));
        String name = "failure-" + Instant.now().toString().replaceAll("[^0-9TZ]", "-") + ".txt";
        for (Path folder :
                new Path[] {home.folder().resolve("failures"), Path.of(System.getProperty("java.io.tmpdir"))}) {
            try {
                Files.createDirectories(folder);
                return Files.writeString(folder.resolve(name), text.toString());
            } catch (IOException e) {
                // The next folder may do.
            }
        }
        return null;
    }
}
