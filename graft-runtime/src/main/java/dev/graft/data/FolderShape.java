package dev.graft.data;

import dev.graft.Spelling;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a folder looks like without a look into its files.
 *
 * @param loose whether pictures lie directly in it
 * @param inner the names of its folders in one Unicode form, sorted
 */
record FolderShape(Path folder, boolean loose, Set<String> inner) {
    private static final int LISTED = 3;

    static FolderShape of(Path folder) {
        boolean loose = false;
        Set<String> inner = new TreeSet<>();
        for (Path child : FolderScan.children(folder)) {
            String name = FolderScan.name(child);
            // By its name first: a class may have 100,000 pictures, and each look at the disk costs.
            if (name.startsWith(".") || SystemFolders.isFile(name)) {
                continue;
            }
            if (PictureFormat.ofFileName(name).isPresent() && (loose || !Files.isDirectory(child))) {
                loose = true;
            } else if (Files.isDirectory(child)) {
                if (!SystemFolders.isFolder(name)) {
                    inner.add(Spelling.nfc(name));
                }
            } else if (!loose) {
                loose = FolderScan.isPicture(child, name);
            }
        }
        return new FolderShape(folder, loose, inner);
    }

    String name() {
        return FolderScan.name(folder);
    }

    /** Whether it could hold classes: there are folders and no pictures beside them. */
    boolean holdsFolders() {
        return !inner.isEmpty() && !loose;
    }

    boolean shares(FolderShape other) {
        return inner.stream().anyMatch(other.inner::contains);
    }

    /** Whether there is a picture in it or anywhere below; looks no further than to the first. */
    boolean hasPictures() {
        if (loose) {
            return true;
        }
        PictureVisitor visitor = new PictureVisitor(folder) {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                super.visitFile(file, attributes);
                return found.isEmpty() ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException unreadable) {
            return true;
        }
        return !visitor.found.isEmpty();
    }

    /** Names as they stand in a sentence: {@code a, b and c}. */
    static String names(List<FolderShape> shapes) {
        List<String> names = shapes.stream().map(FolderShape::name).toList();
        int last = names.size() - 1;
        return names.size() < 2 || names.size() > LISTED
                ? FolderScan.few(names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
