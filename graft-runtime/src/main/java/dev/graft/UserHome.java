package dev.graft;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a user's files go. On Unix {@code $HOME} counts: Java asks the password file instead, and of a user without an entry
 * there, as in containers that run under a number, it says {@code ?}.
 */
public final class UserHome {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private UserHome() {}

    /** The user's folder, or null where there is none. */
    public static @Nullable Path get() {
        return of(System.getenv("HOME"), System.getProperty("user.home"));
    }

    /**
     * The user's folder, or null where there is none.
     *
     * @param variable {@code $HOME}
     * @param property what Java takes for it
     */
    static @Nullable Path of(@Nullable String variable, @Nullable String property) {
        Path home = isUnix() ? absolute(variable) : null;
        return home != null ? home : absolute(property);
    }

    static boolean isUnix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    }

    private static @Nullable Path absolute(@Nullable String text) {
        try {
            Path path = text == null || text.isBlank() ? null : Path.of(text);
            return path != null && path.isAbsolute() ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Whether a folder is there or can be made. */
    static boolean canHold(Path folder) {
        for (Path place = folder; place != null; place = place.getParent()) {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                return Files.isDirectory(place) && (place.equals(folder) || Files.isWritable(place));
            }
        }
        return false;
    }

    /**
     * A folder of this user alone among everybody's temporary files: {@code /tmp/graft-12345}, made where it is missing. Null
     * where it cannot be, or somebody else has put something of that name there.
     *
     * @param temporary the folder of temporary files
     */
    static @Nullable Path below(Path temporary) {
        try {
            if (!isUnix()) {
                return Files.createDirectories(temporary.resolve("graft"));
            }
            Object user = user(temporary);
            Path folder = temporary.toAbsolutePath().resolve("graft-" + user);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            }
            return isOurs(folder, user) ? folder : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** The number of whoever owns a file that is made now: Java tells a user's name only, and only if it has one. */
    private static Object user(Path temporary) throws IOException {
        File probe = File.createTempFile("graft", null, temporary.toFile());
        try {
            return Files.getAttribute(probe.toPath(), "unix:uid");
        } finally {
            Files.delete(probe.toPath());
        }
    }

    /** Libraries are loaded from there, so that nobody else may ever have written into it. */
    private static boolean isOurs(Path folder, Object user) throws IOException {
        var attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory()
                && attributes.permissions().equals(PRIVATE)
                && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(user);
    }
}
