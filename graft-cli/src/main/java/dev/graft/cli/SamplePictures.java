package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.download.Npm;
import dev.graft.download.ScratchFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The pictures of the demo in Graft's home, one folder a class: there in whole or not at all. */
final class SamplePictures {
    private static final List<String> RESOURCES = List.of("package.json", "package-lock.json", "npmrc");

    private final Path home;
    private final Npm npm;

    SamplePictures(GraftHome home, Npm npm) {
        this.home = home.samples();
        this.npm = npm;
    }

    /** What fills an empty folder. */
    private interface Maker {
        void fill(Path folder, Path scratch) throws IOException;
    }

    private Path emoji() {
        return home.resolve("emoji");
    }

    /** Whether they must be fetched first. */
    boolean missing() {
        return !Files.isDirectory(emoji());
    }

    /**
     * All pictures; fetches them if they are not there.
     *
     * @throws GraftException if they cannot be fetched or kept
     */
    Path all() {
        return make(emoji(), (folder, scratch) -> {
            for (String name : RESOURCES) {
                try (InputStream in = SamplePictures.class.getResourceAsStream("samples/" + name)) {
                    if (in == null) {
                        throw new IllegalStateException("samples/" + name + " is missing from this build");
                    }
                    Files.copy(in, scratch.resolve(name.equals("npmrc") ? ".npmrc" : name));
                }
            }
            npm.install(scratch, "the sample pictures");
            Path modules = scratch.resolve("node_modules");
            EmojiGroups.read(modules.resolve("emojibase-data"))
                    .move(modules.resolve("@lobehub/fluent-emoji-3d/assets"), folder);
        });
    }

    /** So many pictures of each class, always the same ones. */
    Path few(int perClass) {
        Path all = all();
        return make(home.resolve("emoji-" + perClass), (folder, scratch) -> {
            for (Path group : list(all)) {
                Path chosen = Files.createDirectory(folder.resolve(group.getFileName()));
                List<Path> pictures = list(group);
                Collections.shuffle(pictures, new Random(perClass));
                for (Path picture : pictures.subList(0, Math.min(perClass, pictures.size()))) {
                    link(picture, chosen.resolve(picture.getFileName()));
                }
            }
        });
    }

    private Path make(Path target, Maker maker) {
        if (Files.isDirectory(target)) {
            return target;
        }
        try {
            try (ScratchFolder scratch = ScratchFolder.in(home)) {
                Path folder = Files.createDirectory(scratch.path().resolve("pictures"));
                maker.fill(folder, scratch.path());
                Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            if (!Files.isDirectory(target)) {
                throw new GraftException(
                        home + ": the sample pictures cannot be kept there (" + e.getMessage()
                                + "); free some space, or name another folder in the variable GRAFT_HOME",
                        e);
            }
            // Another process was quicker, and its pictures are the same.
        }
        return target;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return new ArrayList<>(paths.sorted().toList());
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(from, to);
        }
    }
}
