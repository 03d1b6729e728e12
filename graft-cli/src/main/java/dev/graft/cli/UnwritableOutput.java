package dev.graft.cli;

import dev.graft.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Standard output does not take what is written to it. */
final class UnwritableOutput extends RuntimeException {
    /** As of a process that SIGPIPE ended. */
    static final int PIPE_CLOSED = 128 + 13;

    private static final long serialVersionUID = 1L;

    UnwritableOutput(IOException cause) {
        super(message(cause), cause);
    }

    static String message(IOException failure) {
        String reason = WholeFile.reason(failure);
        String known = reason.equals("Bad file descriptor")
                ? "it is closed"
                : reason.isEmpty() ? reason : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
        return "standard output: cannot be written: " + known;
    }

    /** Whether it is a pipe whose reader has had enough, such as {@code head}: no failure worth a word. */
    static boolean nobodyReads(IOException failure) {
        String reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return reason.contains("broken pipe")
                || reason.contains("pipe is being closed")
                || (!reason.contains("no space") && isPipe());
    }

    /** A pipe takes everything as long as it is read; this tells where the reason is in another language. */
    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().contains("pipe:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
