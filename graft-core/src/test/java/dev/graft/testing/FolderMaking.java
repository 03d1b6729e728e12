package dev.graft.testing;

import dev.graft.GeneratedPictures;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What hostile folders are made of. */
final class FolderMaking {
    private FolderMaking() {}

    /** Folders of classes, cat and dog: two pictures each in the first part of each set, one in the others. */
    static HostileFolders.Making parts(String... names) {
        return folder -> {
            for (String name : names) {
                boolean first = name.equals(names[0]) || name.endsWith("/train") || name.equals("training");
                pictures(folder, name + "/cat", first ? 2 : 1);
                pictures(folder, name + "/dog", first ? 2 : 1);
            }
            return folder;
        };
    }

    static HostileFolders.Making classes(String... names) {
        return folder -> {
            for (String name : names) {
                pictures(folder, name, 2);
            }
            return folder;
        };
    }

    static Path pictures(Path folder, String below, int count) {
        return pictures(folder, folder.resolve(below), count);
    }

    static Path pictures(Path folder, Path target, int count) {
        for (int i = 1; i <= count; i++) {
            int label = Math.floorMod(target.getFileName().hashCode(), 3);
            GeneratedPictures.write(target.resolve(i + ".png"), label, 100L * target.hashCode() + i);
        }
        return folder;
    }

    /** A path with bytes that are no text, each as a percent sign and two digits. */
    static Path raw(Path folder, String bytes) {
        return Path.of(URI.create(folder.toUri() + bytes));
    }

    static Path file(Path folder, String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return folder;
    }

    static Path delete(Path folder, String... names) throws IOException {
        for (String name : names) {
            Files.delete(folder.resolve(name));
        }
        return folder;
    }

    static Path link(Path folder, String name, String target) throws IOException {
        Files.createSymbolicLink(folder.resolve(name), Path.of(target));
        return folder;
    }

    static Path pipe(Path folder, String name) throws IOException {
        try {
            new ProcessBuilder("mkfifo", folder.resolve(name).toString())
                    .start()
                    .waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return folder;
    }

    static Path socket(Path folder, String name) throws IOException {
        // Addresses may be no longer than a hundred bytes, so it is made elsewhere.
        Path made = Files.createTempDirectory("s").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(made));
        }
        Files.move(made, folder.resolve(name));
        Files.delete(made.getParent());
        return folder;
    }
}
