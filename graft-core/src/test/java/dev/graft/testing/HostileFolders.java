package dev.graft.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Folders as people, their systems and their tools leave them, each with what is right. Each is made in an empty folder and
 * holds pictures that can be read, so that it can also be trained on.
 */
public final class HostileFolders {
    /** Fills an empty folder; gives the folder that a user would name. */
    @FunctionalInterface
    public interface Making {
        Path in(Path folder) throws IOException;
    }

    /**
     * One folder.
     *
     * @param right pictures of each class in each part: {@code cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1}; or
     *     {@code refused}
     * @param says what the remarks, the counts of other files or the refusal have in them
     */
    public record Hostile(String name, Making making, String right, List<String> says) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Hostile> folders = new ArrayList<>();

    private HostileFolders() {}

    /** All of them. */
    public static List<Hostile> all() {
        HostileFolders all = new HostileFolders();
        HostileParts.addTo(all);
        HostileEntries.addTo(all);
        return List.copyOf(all.folders);
    }

    /** The one of a name. */
    public static Hostile named(String name) {
        return all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    void add(String name, Making making, String right, String... says) {
        folders.add(new Hostile(name, making, right, List.of(says)));
    }
}
