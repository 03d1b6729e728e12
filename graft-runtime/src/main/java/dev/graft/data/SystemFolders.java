package dev.graft.data;

import java.util.Locale;
import java.util.Set;

/** Folders and files that systems, servers and tools leave beside people's own: they are never classes or pictures. */
final class SystemFolders {
    /** Windows' and macOS' own, those of Synology, QNAP and other servers, of galleries, of Python and of npm. */
    private static final Set<String> FOLDERS = Set.of(
            "__macosx",
            "@eadir",
            "@tmp",
            "@recycle",
            "@recently-snapshot",
            "@sharebin",
            "@syno",
            "#recycle",
            "#snapshot",
            "lost+found",
            "$recycle.bin",
            "recycler",
            "recycled",
            "found.000",
            "system volume information",
            "network trash folder",
            "temporary items",
            "_vti_cnf",
            "_thumbs",
            "@__thumb",
            "__pycache__",
            "node_modules");

    private static final Set<String> FILES = Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r");
    /** What a run of ours keeps to go on with. */
    private static final String RESUME = ".resume";

    private SystemFolders() {}

    /** Whether a folder of this name is passed over; so are all that a dot hides. */
    static boolean isFolder(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".") || FOLDERS.contains(lower) || lower.endsWith(RESUME);
    }

    /** Whether a file of this name is passed over without a word. */
    static boolean isFile(String name) {
        return name.startsWith("._") || FILES.contains(name.toLowerCase(Locale.ROOT));
    }
}
