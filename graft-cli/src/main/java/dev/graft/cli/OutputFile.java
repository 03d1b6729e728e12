package dev.graft.cli;

import dev.graft.Destination;
import dev.graft.GraftException;
import dev.graft.WholeFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * What an option names to be written to: a file, which is there whole or not at all, or a stream, which is written to
 * straight: {@code -}, a descriptor such as {@code /dev/stdout}, a device, a pipe.
 */
record OutputFile(Path path, String option) {
    private static final int OUT = 1;
    private static final int ERR = 2;

    /** Whether it is what the command itself prints to. */
    boolean isStandardOutput() {
        return standard() == OUT;
    }

    /**
     * Checks the place before the work.
     *
     * @throws GraftException if nothing can be written there; says what to do
     */
    void check() {
        if (!isStream()) {
            file().check();
        }
    }

    /**
     * Writes.
     *
     * @throws GraftException if that cannot be done; says what to do
     */
    void write(Terminal terminal, WholeFile.Content content) {
        if (!isStream()) {
            file().write(content);
            return;
        }
        try {
            switch (standard()) {
                case OUT -> {
                    content.writeTo(terminal.out());
                    terminal.requireOutput();
                }
                case ERR -> content.writeTo(terminal.err());
                default -> straight(content);
            }
        } catch (IOException e) {
            throw file().failure(e);
        }
    }

    /** Behind what is there: a descriptor may be that of a file which others write to as well. */
    private void straight(WholeFile.Content content) throws IOException {
        try (OutputStream out = new FileOutputStream(path.toFile(), true)) {
            content.writeTo(out);
        }
    }

    WholeFile file() {
        return WholeFile.at(path).namedBy(option);
    }

    boolean isStream() {
        return path.toString().equals("-") || destination().stream();
    }

    private int standard() {
        return path.toString().equals("-") ? OUT : destination().standard();
    }

    private Destination destination() {
        try {
            return Destination.of(path);
        } catch (IOException e) {
            throw file().failure(e);
        }
    }
}
