package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.RegularFile;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Holds the names of class and part folders to what can be told apart, written down and found again. */
final class ClassNames {
    private static final int LONGEST_EXTENSION = 5;
    /** What nobody sees in a name. */
    private static final String INVISIBLE = "[\\p{Z}\\p{Cf}\\s]";

    private ClassNames() {}

    /**
     * Refuses folders whose names cannot be read in this locale, cannot be seen or read alike, and links to nowhere that may
     * have been folders.
     */
    static void require(FolderScan scan, Path folder, FolderScan.Listing listing) {
        for (Path link : listing.broken()) {
            String what = RegularFile.brokenLink(link).orElse("a circular link");
            if (!looksLikeAFile(link)) {
                throw new GraftException(FileName.shown(link) + ": is " + what
                        + "; fix the link, or take it away if the folder is no more");
            }
            scan.passOver(link, what);
        }
        List<Path> lost = listing.folders().stream()
                .filter(path -> !FileName.isWhole(path))
                .toList();
        if (!lost.isEmpty()) {
            throw new GraftException(FileName.shown(folder) + ": "
                    + (lost.size() == 1 ? "the name of a folder is" : "names of folders are")
                    + " not in this locale's character set, " + FileName.encoding() + ": "
                    + FolderScan.few(lost.stream()
                            .map(path -> FileName.shown(path.getFileName()))
                            .toList())
                    + "; " + FileName.remedy());
        }
        requireVisible(folder, listing.folders());
        requireDistinct(folder, listing.folders());
    }

    /** A class whose name nobody sees was not meant, and no answer could say it. */
    private static void requireVisible(Path folder, List<Path> folders) {
        for (Path each : folders) {
            String name = FolderScan.name(each);
            if (plain(name).isEmpty()) {
                throw new GraftException(folder + ": the name of a folder is '" + name + "', "
                        + (name.isBlank() ? "blanks" : "invisible characters")
                        + " alone; call it what its pictures show, or move it elsewhere");
            }
        }
    }

    private static String plain(String name) {
        return Spelling.nfc(name).replaceAll(INVISIBLE, "");
    }

    /** Two that differ in their Unicode form alone look the same to everybody but the file system. */
    private static void requireDistinct(Path folder, List<Path> folders) {
        Map<String, String> seen = new HashMap<>();
        for (Path each : folders) {
            String name = FolderScan.name(each);
            String other = seen.put(Spelling.nfc(name), name);
            if (other != null) {
                throw new GraftException(folder + ": two folders are called '" + name + "', in two Unicode forms: "
                        + Spelling.escaped(other) + " and " + Spelling.escaped(name)
                        + "; put the pictures of both into one");
            }
        }
    }

    /** A sentence for each two classes that differ in case, or in what nobody sees: elsewhere they would be one. */
    static List<String> alike(List<String> classes) {
        List<String> remarks = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (String name : classes) {
            String other = seen.put(plain(name).toLowerCase(Locale.ROOT), name);
            if (other != null) {
                remarks.add("warning: '" + other + "' and '" + name
                        + "' are two classes, though they differ in case, blanks or invisible characters alone");
            }
        }
        return remarks;
    }

    private static boolean looksLikeAFile(Path path) {
        String extension = PictureFormat.extension(FolderScan.name(path));
        return !extension.isEmpty() && extension.length() <= LONGEST_EXTENSION;
    }
}
