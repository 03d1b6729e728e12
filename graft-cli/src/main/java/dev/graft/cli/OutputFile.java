package dev.graft.cli;

import dev.graft.Destination;
import dev.graft.GraftException;
import dev.graft.WholeFile;
import dev.graft.data.FileKind;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an option names to be written to: a file, which is there whole or not at all, or a stream, which is written to
 * straight: {@code -}, a descriptor such as {@code /dev/stdout}, a device, a pipe.
 *
 * @param option empty where no option names it
 */
record OutputFile(Path path, String option, OutputKind kind) {
    private static final int OUT = 1;
    private static final int ERR = 2;

    /** What a user knows it by, beside other options: only models are written unasked. */
    String name() {
        return option.isEmpty() ? "the model" : option;
    }

    /** Whether it is what the command itself prints to. */
    boolean isStandardOutput() {
        return standard() == OUT;
    }

    /**
     * Checks the place before the work.
     *
     * @throws GraftException if nothing can be written there, or what is there would be lost; says what to do
     */
    void check() {
        if (isStream() && kind.streams()) {
            return;
        }
        file().check();
        if (isTaken()) {
            requireKind();
        }
    }

    /** Whether there is something that would be replaced: all but an empty file. */
    boolean isTaken() {
        try {
            return !isStream() && Files.exists(path) && Files.size(path) > 0;
        } catch (IOException e) {
            throw unknown(e);
        }
    }

    /** What a command has written itself, or another program as it would, may be replaced; all else is somebody's. */
    private void requireKind() {
        byte[] beginning;
        try (InputStream in = Files.newInputStream(path)) {
            beginning = in.readNBytes(FileKind.ENOUGH);
        } catch (IOException e) {
            throw unknown(e);
        }
        if (!kind.begins(beginning)) {
            String title = OutputKind.titleOf(beginning);
            throw refused("exists and is not " + kind.title() + " that could be replaced"
                    + (title.isEmpty() ? "" : ", but " + title));
        }
    }

    private GraftException unknown(IOException e) {
        return refused("exists, and it cannot be seen what would be lost: " + WholeFile.reason(e));
    }

    private GraftException refused(String why) {
        String elsewhere = option.isEmpty() ? "work in another folder" : "choose another name with " + option;
        return new GraftException(path + ": " + why + "; " + elsewhere + ", or remove it");
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

    /** After what is there: a descriptor may be that of a file which others write to as well. */
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
