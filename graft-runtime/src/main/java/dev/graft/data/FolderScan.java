package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.RegularFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists folders in an order that does not depend on the file system, and keeps what it passes over. */
final class FolderScan {
    private static final int SHOWN = 3;

    private final PassedOver passed = new PassedOver();

    /**
     * What lies directly in a folder, sorted by name.
     *
     * @param folders those that people made
     * @param pictures files that are taken for pictures
     * @param broken links to nowhere, or in a circle
     */
    record Listing(List<Path> folders, List<Path> pictures, List<Path> broken) {}

    /** How many files were no pictures, by extension. */
    Map<String, Integer> ignored() {
        return passed.ignored();
    }

    /** All that was passed over. */
    PassedOver passed() {
        return passed;
    }

    /** Fails with a clear message unless {@code folder} is a folder that can be listed. */
    static void requireFolder(Path folder) {
        String wanted = "; give a folder with one subfolder of pictures a class";
        RegularFile.brokenLink(folder).ifPresent(what -> {
            throw new GraftException(FileName.shown(folder) + ": is " + what + wanted);
        });
        if (!Files.exists(folder)) {
            throw new GraftException(folder + ": no such folder" + FileName.localeHint(folder) + wanted);
        }
        if (!Files.isDirectory(folder)) {
            String what = RegularFile.obstacle(folder).orElse("a file");
            throw new GraftException(FileName.shown(folder) + ": is " + what + wanted);
        }
        if (!Files.isReadable(folder)) {
            throw noPermission(FileName.shown(folder));
        }
    }

    /** What lies directly in a folder. */
    Listing list(Path folder) {
        List<Path> folders = new ArrayList<>();
        List<Path> pictures = new ArrayList<>();
        List<Path> broken = new ArrayList<>();
        for (Path child : children(folder)) {
            String name = name(child);
            if (leadsUp(folder, child)) {
                broken.add(child);
            } else if (Files.isDirectory(child)) {
                if (SystemFolders.isFolder(name)) {
                    passed.systemFolder(child);
                } else {
                    folders.add(child);
                }
            } else if (!name.startsWith(".") && !SystemFolders.isFile(name)) {
                if (RegularFile.brokenLink(child).isPresent()) {
                    broken.add(child);
                } else if (isPicture(child, name)) {
                    pictures.add(child);
                }
            }
        }
        return new Listing(folders, pictures, broken);
    }

    /** The folders that lie directly in one and that people made, sorted by name. */
    static List<Path> folders(Path folder) {
        return children(folder).stream()
                .filter(child ->
                        Files.isDirectory(child) && !leadsUp(folder, child) && !SystemFolders.isFolder(name(child)))
                .toList();
    }

    /** Whether a file is taken for a picture. */
    static boolean isPicture(Path file, String name) {
        return PictureFormat.ofFileName(name).isPresent()
                || (Files.isRegularFile(file) && FolderFile.of(file).isPicture());
    }

    /**
     * The pictures in the folder and all folders below, sorted by their path, and what else is called like one. Links are
     * followed, circles are not.
     *
     * @param others counts files that are no pictures, by extension
     */
    List<Path> picturesBelow(Path folder, Map<String, Integer> others) {
        PictureVisitor visitor = new PictureVisitor(folder);
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (AccessDeniedException denied) {
            throw noPermission(String.valueOf(denied.getFile()));
        } catch (IOException failure) {
            throw cannotList(folder, failure);
        }
        visitor.others.ignored().forEach((kind, count) -> others.merge(kind, count, Integer::sum));
        passed.addAll(visitor.others);
        List<Path> found = new ArrayList<>(visitor.found);
        found.sort(Comparator.comparing((Path path) -> sortKey(folder, path)).thenComparing(Comparator.naturalOrder()));
        return found;
    }

    List<Path> picturesBelow(Path folder) {
        return picturesBelow(folder, new TreeMap<>());
    }

    /** Keeps a link that leads nowhere. */
    void passOver(Path link, String what) {
        passed.link(link, what);
    }

    /** What a user should know of what was passed over, a sentence each. */
    List<String> remarks() {
        return passed.remarks();
    }

    /** Some of many. */
    static String few(List<String> all) {
        String first = all.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return all.size() > SHOWN ? first + " and " + (all.size() - SHOWN) + " more" : first;
    }

    /** Whether a link leads to the folder that it lies in, or above: what is below it would be there twice. */
    static boolean leadsUp(Path folder, Path link) {
        try {
            return Files.isSymbolicLink(link)
                    && Files.isDirectory(link)
                    && folder.toRealPath().startsWith(link.toRealPath());
        } catch (IOException unreachable) {
            return false;
        }
    }

    /** All that is in a folder, sorted by name. */
    static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted(Comparator.comparing(FolderScan::name).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (AccessDeniedException denied) {
            throw noPermission(FileName.shown(folder));
        } catch (IOException failure) {
            throw cannotList(folder, failure);
        }
    }

    private static GraftException noPermission(String folder) {
        return new GraftException(folder + ": no permission to read it; allow it, or choose another folder");
    }

    private static GraftException cannotList(Path folder, IOException failure) {
        return new GraftException(
                folder + ": cannot be listed (" + failure.getMessage() + "); check the disk", failure);
    }

    /** With slashes on every system, so that Windows sorts as Linux does. */
    private static String sortKey(Path folder, Path path) {
        return folder.relativize(path).toString().replace('\\', '/');
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
