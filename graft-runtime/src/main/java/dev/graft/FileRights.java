package dev.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** Who may read and write a file, handed on to the one that takes its place. */
final class FileRights {
    private FileRights() {}

    /** Copies group, owner and permissions, as far as this user may; nothing where there is no such file. */
    static void copy(Path from, Path to) {
        PosixFileAttributeView target = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (target == null || !Files.isRegularFile(from)) {
            return;
        }
        try {
            PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
            PosixFileAttributes made = target.readAttributes();
            if (!old.group().equals(made.group())) {
                attempt(() -> target.setGroup(old.group()));
            }
            if (!old.owner().equals(made.owner())) {
                attempt(() -> target.setOwner(old.owner()));
            }
            // Last: a change of the owner takes some of them away.
            target.setPermissions(old.permissions());
        } catch (IOException e) {
            // Some file systems have none of this; the file is good all the same.
        }
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            // Only root gives files away.
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
