package dev.graft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** How many files a process may have open at once, which some systems keep low. */
public final class OpenFiles {
    /** What a user is told. */
    public static final String EXHAUSTED =
            "too many files are open at once; allow more with 'ulimit -n 1024', then run the" + " command again";

    private static final int MOST_CAUSES = 20;

    private OpenFiles() {}

    /** Whether a failure came of no more files being allowed to open. */
    public static boolean areExhausted(Throwable failure) {
        Throwable cause = failure;
        boolean ofFiles = false;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++, cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("oo many open files")) {
                return true;
            }
            ofFiles |= cause instanceof IOException || cause instanceof LinkageError;
        }
        // The system may speak another language, and classes that cannot be read are just not found.
        return ofFiles && !canOpenOneMore();
    }

    private static boolean canOpenOneMore() {
        Path there = Path.of(System.getProperty("java.home"), "release");
        try (InputStream in = Files.newInputStream(there)) {
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
