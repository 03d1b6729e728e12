package dev.graft.data;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lists folders in an order that does not depend on the file system, and counts the files it passes over. */
final class FolderScan {
    private static final Set<String> CLUTTER = Set.of("__macosx", "thumbs.db", "desktop.ini");

    private final Map<String, Integer> ignored = new TreeMap<>();

    /** How many files were no pictures by their name, by extension. */
    Map<String, Integer> ignored() {
        return ignored;
    }

    /** Fails with a clear message unless {@code folder} is a folder that can be listed. */
    static void requireFolder(Path folder) {
        if (!Files.exists(folder)) {
            throw new GraftException(folder + ": no such folder; give a folder with one subfolder of pictures a class");
        }
        if (!Files.isDirectory(folder)) {
            throw new GraftException(folder + ": is a file; give a folder with one subfolder of pictures a class");
        }
        if (!Files.isReadable(folder)) {
            throw noPermission(folder);
        }
    }

    /** The visible subfolders, sorted by name. */
    List<Path> subfolders(Path folder) {
        return children(folder).stream().filter(Files::isDirectory).toList();
    }

    /** The pictures that lie directly in the folder. */
    List<Path> picturesDirectlyIn(Path folder) {
        return children(folder).stream()
                .filter(path -> Files.isRegularFile(path) && isPicture(path))
                .toList();
    }

    /** The pictures in the folder and all folders below, sorted by their path. Links are followed, loops are not. */
    List<Path> picturesBelow(Path folder) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Visitor(folder, found));
        } catch (AccessDeniedException denied) {
            throw noPermission(Path.of(String.valueOf(denied.getFile())));
        } catch (IOException failure) {
            throw cannotList(folder, failure);
        }
        found.sort(Comparator.comparing(path -> sortKey(folder, path)));
        return found;
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(path -> !isHidden(path))
                    .sorted(Comparator.comparing(FolderScan::name))
                    .toList();
        } catch (AccessDeniedException denied) {
            throw noPermission(folder);
        } catch (IOException failure) {
            throw cannotList(folder, failure);
        }
    }

    private static GraftException noPermission(Path folder) {
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

    private static boolean isHidden(Path path) {
        return name(path).startsWith(".") || CLUTTER.contains(name(path).toLowerCase(Locale.ROOT));
    }

    private static boolean isPicture(Path path) {
        return PictureFormat.ofFileName(name(path)).isPresent();
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path top;
        private final List<Path> found;

        Visitor(Path top, List<Path> found) {
            this.top = top;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skip = isHidden(folder) && !folder.equals(top);
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isHidden(file) || attributes.isDirectory()) {
                return FileVisitResult.CONTINUE;
            }
            if (isPicture(file)) {
                found.add(file);
            } else {
                ignored.merge(PictureFormat.extension(name(file)), 1, Integer::sum);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
