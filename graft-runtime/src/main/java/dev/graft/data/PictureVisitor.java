package dev.graft.data;

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

/** Goes through a folder and all below. What is called like a picture is taken even where it cannot be one, to be listed. */
class PictureVisitor extends SimpleFileVisitor<Path> {
    final List<Path> found = new ArrayList<>();
    final PassedOver others = new PassedOver();

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
            others.systemFolder(folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        // A link upwards would bring the other classes into this one.
        if (FolderScan.leadsUp(top, folder)) {
            others.link(folder, "a circular link");
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
                others.hidden(file);
            } else if (name.endsWith(".icloud")) {
                others.file(FolderFile.other(
                        file,
                        ".icloud placeholders (pictures that are not downloaded)",
                        "a placeholder of iCloud; download the picture"));
            }
        } else if (named) {
            found.add(file);
        } else if (attributes.isSymbolicLink()) {
            others.link(file, RegularFile.brokenLink(file).orElse("a broken link"));
        } else if (attributes.isRegularFile()) {
            add(FolderFile.of(file));
        } else {
            others.file(FolderFile.other(
                    file, "no regular file", RegularFile.obstacle(file).orElse("no regular file")));
        }
        return FileVisitResult.CONTINUE;
    }

    private void add(FolderFile file) {
        if (file.isPicture()) {
            found.add(file.path());
        } else {
            others.file(file);
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException) {
            others.link(file, "a circular link");
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
