package dev.graft.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What is here of a file, beside its place, with a note of which version of it that is: without the note, or with one of
 * another address, the bytes are of no use.
 */
record PartialFile(Path path) {
    static PartialFile of(Path target) {
        return new PartialFile(target.resolveSibling(target.getFileName() + ".part"));
    }

    private Path note() {
        return path.resolveSibling(path.getFileName() + ".from");
    }

    /** Bytes that are here; 0 where there is no file. */
    long size() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /** The server's mark of the version whose bytes are here, or an empty text where they cannot be gone on from. */
    String validator(String address) throws IOException {
        if (size() == 0 || !Files.exists(note())) {
            return "";
        }
        List<String> lines = Files.readAllLines(note());
        return lines.size() == 2 && lines.get(0).equals(address) ? lines.get(1) : "";
    }

    /** Starts an empty file, of a version that has this mark. */
    void start(String address, String validator) throws IOException {
        delete();
        Files.write(note(), List.of(address, validator));
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(note());
    }

    /** Makes it the file, in one step. */
    void becomes(Path target) throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(note());
    }
}
