package dev.graft.data;

import dev.graft.FileName;
import dev.graft.RegularFile;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Goes through a folder and all below. What is called like a picture is taken even where it cannot be one, to be listed. */
class PictureVisitor extends SimpleFileVisitor<Path> {
    final List<Path> found = new ArrayList<>();
    final Map<String, Integer> others = new TreeMap<>();
    final Map<String, Integer> system = new TreeMap<>();
    final List<String> links = new ArrayList<>();
    final List<Path> hidden = new ArrayList<>();

    private final Path top;
    /** Folders called like a picture, with how much was found before them. */
    private final Map<Path, Integer> pictureFolders = new HashMap<>();

    PictureVisitor(Path top) {
        this.top = top;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        if (folder.equals(top)) {
            return FileVisitResult.CONTINUE;
        }
        String name = FolderScan.name(folder);
        if (SystemFolders.isFolder(name)) {
            system.merge(name, 1, Integer::sum);
            return FileVisitResult.SKIP_SUBTREE;
        }
        // A link upwards would bring the other classes into this one.
        if (FolderScan.leadsUp(top, folder)) {
            links.add(FileName.shown(folder) + " (a circular link)");
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (PictureFormat.ofFileName(name).isPresent()) {
            pictureFolders.put(folder, found.size());
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
        Integer before = pictureFolders.remove(folder);
        if (before != null && before == found.size()) {
            found.add(folder);
        }
        return super.postVisitDirectory(folder, failure);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String name = FolderScan.name(file);
        if (SystemFolders.isFile(name)) {
            return FileVisitResult.CONTINUE;
        }
        boolean named = PictureFormat.ofFileName(name).isPresent();
        if (name.startsWith(".")) {
            if (named) {
                hidden.add(file);
            } else if (name.endsWith(".icloud")) {
                others.merge(".icloud placeholders (pictures that are not downloaded)", 1, Integer::sum);
            }
        } else if (named) {
            found.add(file);
        } else if (attributes.isSymbolicLink()) {
            links.add(FileName.shown(file)
                    + RegularFile.brokenLink(file)
                            .map(what -> " (" + what + ")")
                            .orElse(""));
        } else {
            other(file, name, attributes);
        }
        return FileVisitResult.CONTINUE;
    }

    private void other(Path file, String name, BasicFileAttributes attributes) {
        String extension = PictureFormat.extension(name);
        if (!attributes.isRegularFile()) {
            others.merge("no regular file", 1, Integer::sum);
        } else if (OtherFiles.isCertain(extension)) {
            others.merge(extension, 1, Integer::sum);
        } else {
            FirstBytes first = FirstBytes.of(file);
            if (first.isPicture()) {
                found.add(file);
            } else {
                others.merge(first.kind(extension), 1, Integer::sum);
            }
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException) {
            links.add(FileName.shown(file) + " (a circular link)");
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
