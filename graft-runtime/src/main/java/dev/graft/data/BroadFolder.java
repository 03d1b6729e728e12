package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.UserHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folders that hold the system or all that a user has, such as {@code /} or {@code ~}. Nobody means them where classes are
 * asked for, and to go through them would take hours.
 */
final class BroadFolder {
    private BroadFolder() {}

    /**
     * Refuses one where a folder of classes is wanted; a home that holds nothing but folders of pictures is such a folder.
     *
     * @throws GraftException saying which it is
     */
    static void refuse(Path folder) {
        refuse(folder, UserHome.get(), program());
    }

    /**
     * The same.
     *
     * @param home of the user, if there is one
     * @param program something that belongs to the system
     */
    static void refuse(Path folder, @Nullable Path home, Path program) {
        refuseSystem(folder, program);
        if (home != null && holds(folder, home) && !isSetOfClasses(folder)) {
            throw refusal(folder, holds(home, folder) ? "is your home folder" : "holds your home folder");
        }
    }

    /**
     * Refuses the system where pictures are wanted: at home there may be some anywhere.
     *
     * @throws GraftException saying so
     */
    static void refuseSystem(Path folder) {
        refuseSystem(folder, program());
    }

    private static void refuseSystem(Path folder, Path program) {
        if (holds(folder, program)) {
            throw refusal(folder, "holds the system and its programs");
        }
    }

    private static GraftException refusal(Path folder, String what) {
        return new GraftException(FileName.shown(folder) + ": " + what + "; give the folder in it that is meant");
    }

    private static Path program() {
        return Path.of(System.getProperty("java.home"));
    }

    private static boolean isSetOfClasses(Path folder) {
        List<Path> folders = FolderScan.folders(folder);
        return folders.size() > 1
                && folders.stream().allMatch(each -> FolderShape.of(each).loose());
    }

    /** Whether a folder is the other or one above it, by what they are behind links. */
    private static boolean holds(Path folder, Path other) {
        try {
            return other.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException unreachable) {
            return false;
        }
    }
}
