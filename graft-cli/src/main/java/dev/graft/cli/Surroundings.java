package dev.graft.cli;

import dev.graft.GraftHome;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The user's folder, for libraries that ask Java for it: of a user without an entry in the password file it says ?. */
final class Surroundings {
    private Surroundings() {}

    /** To be called before any library is used. */
    static void fix() {
        String property = System.getProperty("user.home");
        if (!isAbsolute(property)) {
            GraftHome graft = GraftHome.get();
            // Which would otherwise be looked for below the new home.
            System.setProperty("graft.home", graft.folder().toString());
            System.setProperty("user.home", home(property, System.getenv("HOME"), graft));
        }
    }

    /** What is absolute stays; {@code ?} would become a folder of that name. */
    static String home(String property, @Nullable String variable, GraftHome graft) {
        if (isAbsolute(property)) {
            return property;
        }
        return variable != null && isAbsolute(variable)
                ? variable
                : graft.folder().toAbsolutePath().toString();
    }

    private static boolean isAbsolute(String text) {
        try {
            return Path.of(text).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
