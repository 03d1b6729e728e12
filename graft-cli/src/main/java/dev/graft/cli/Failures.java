package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.GraftVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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
        if (failure instanceof GraftException) {
            return Text.printable(String.valueOf(failure.getMessage()));
        }
        if (causes(failure).anyMatch(OutOfMemoryError.class::isInstance)) {
            return "out of memory with at most "
                    + Text.bytes(Runtime.getRuntime().maxMemory())
                    + " of heap; use a smaller --batch or fewer --threads, or allow more with GRAFT_JAVA_OPTS=-Xmx4g";
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
