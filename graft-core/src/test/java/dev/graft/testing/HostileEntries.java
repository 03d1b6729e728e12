package dev.graft.testing;

import static dev.graft.testing.FolderMaking.classes;
import static dev.graft.testing.FolderMaking.delete;
import static dev.graft.testing.FolderMaking.file;
import static dev.graft.testing.FolderMaking.link;
import static dev.graft.testing.FolderMaking.parts;
import static dev.graft.testing.FolderMaking.pictures;
import static dev.graft.testing.FolderMaking.pipe;
import static dev.graft.testing.FolderMaking.raw;
import static dev.graft.testing.FolderMaking.socket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What systems and tools leave, links, files that are none, names, and classes of odd content. */
final class HostileEntries {
    private static final String CAFE = "caf\u00E9";
    private static final String CAFE_APART = "cafe\u0301";

    private HostileEntries() {}

    static void addTo(HostileFolders all) {
        systems(all);
        links(all);
        noRegularFiles(all);
        names(all);
        contents(all);
    }

    private static void systems(HostileFolders all) {
        all.add(
                "folders of systems",
                folder -> {
                    for (String name : List.of(
                            "lost+found",
                            "$RECYCLE.BIN",
                            "#recycle",
                            "#snapshot",
                            "__MACOSX",
                            ".ipynb_checkpoints",
                            "System Volume Information",
                            "RECYCLER",
                            "@Recycle",
                            "node_modules",
                            ".thumbnails")) {
                        pictures(folder, name, 1);
                    }
                    return classes("cat", "dog").in(folder);
                },
                "cat=2 dog=2",
                "passed over: #recycle, #snapshot, $RECYCLE.BIN, ",
                "System Volume Information");
        all.add(
                "thumbnails of a server",
                folder -> {
                    pictures(folder, "cat/@eaDir/1.png", 1);
                    pictures(folder, "dog/deep/@eaDir/1.png", 1);
                    return classes("cat", "dog").in(folder);
                },
                "cat=2 dog=2",
                "@eaDir (2)");
        all.add(
                "an interrupted run of ours",
                folder -> file(classes("cat", "dog").in(folder), "pets.graft.resume/state", "x"),
                "cat=2 dog=2",
                "pets.graft.resume");
        all.add(
                "files of systems",
                folder -> {
                    file(folder, "cat/._1.png", "x");
                    file(folder, "cat/Thumbs.db", "x");
                    file(folder, "dog/desktop.ini", "x");
                    return file(classes("cat", "dog").in(folder), "dog/.DS_Store", "x");
                },
                "cat=2 dog=2");
        all.add(
                "pictures that are still elsewhere",
                folder -> file(classes("cat", "dog").in(folder), "cat/.3.png.icloud", "x"),
                "cat=2 dog=2",
                "1 .icloud placeholders (pictures that are not downloaded)");
        all.add(
                "hidden pictures and classes",
                folder -> {
                    pictures(folder, ".NET", 2);
                    return file(classes("cat", "dog").in(folder), "cat/.secret.png", "x");
                },
                "cat=2 dog=2",
                "passed over: .NET",
                ".secret.png");
    }

    private static void links(HostileFolders all) {
        all.add(
                "a class that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "horse", "/nowhere/horse"),
                "refused",
                "horse: is a link to nowhere (/nowhere/horse)");
        all.add(
                "a part that is a link to nowhere",
                folder -> link(parts("train", "test").in(folder), "val", "../gone"),
                "refused",
                "val: is a link to nowhere (../gone)");
        all.add(
                "a class of a part that is a link to nowhere",
                folder -> link(parts("train", "val").in(folder), "val/ship", "gone"),
                "refused",
                "val/ship: is a link to nowhere");
        all.add(
                "a class in a circle",
                folder -> link(classes("cat", "dog").in(folder), "horse", "horse"),
                "refused",
                "horse: is a circular link");
        all.add(
                "a class that is a link to the set",
                folder -> link(classes("cat", "dog").in(folder), "all", "."),
                "refused",
                "all: is a circular link");
        all.add(
                "a part that is a link",
                folder -> {
                    parts("set/train", "other").in(folder);
                    return link(folder.resolve("set"), "val", "../other");
                },
                "cat=2 dog=2 | val cat=1 dog=1");
        all.add(
                "a picture that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "cat/3.png", "gone.png"),
                "cat=3 dog=2");
        all.add(
                "a file that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "notes.txt", "gone.txt"),
                "cat=2 dog=2",
                "notes.txt (a link to nowhere (gone.txt))");
        all.add(
                "a folder in a class that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "cat/more", "gone"),
                "cat=2 dog=2",
                "cat/more (a link to nowhere (gone))");
        all.add(
                "a link to its own folder",
                folder -> link(classes("cat", "dog").in(folder), "cat/again", "."),
                "cat=2 dog=2",
                "cat/again (a circular link)");
        all.add(
                "a link to the set",
                folder -> link(classes("cat", "dog").in(folder), "cat/up", ".."),
                "cat=2 dog=2",
                "cat/up (a circular link)");
        all.add(
                "links that work",
                folder -> {
                    pictures(folder, "elsewhere/horses", 2);
                    Path set = classes("set/cat", "set/dog").in(folder).resolve("set");
                    link(set, "cat/3.png", "1.png");
                    return link(set, "horse", "../elsewhere/horses");
                },
                "cat=3 dog=2 horse=2");
        all.add(
                "a folder that is a link to nowhere",
                folder -> link(folder, "set", "gone").resolve("set"),
                "refused",
                "set: is a link to nowhere (gone)");
    }

    private static void noRegularFiles(HostileFolders all) {
        all.add("a pipe", folder -> pipe(classes("cat", "dog").in(folder), "cat/pipe.jpg"), "cat=3 dog=2");
        all.add(
                "a pipe without extension",
                folder -> pipe(classes("cat", "dog").in(folder), "cat/pipe"),
                "cat=2 dog=2",
                "1 no regular file");
        all.add("a pipe beside classes", folder -> pipe(classes("cat", "dog").in(folder), "pipe"), "cat=2 dog=2");
        all.add(
                "a pipe for a folder",
                folder -> pipe(folder, "set").resolve("set"),
                "refused",
                "set: is a pipe, not a file");
        all.add("a socket", folder -> socket(classes("cat", "dog").in(folder), "cat/s.png"), "cat=3 dog=2");
        all.add(
                "a device",
                folder -> link(classes("cat", "dog").in(folder), "cat/zero.png", "/dev/zero"),
                "cat=3 dog=2");
        all.add(
                "a folder called like a picture",
                folder -> {
                    Files.createDirectories(folder.resolve("cat/x.jpg"));
                    return classes("cat", "dog").in(folder);
                },
                "cat=3 dog=2");
        all.add(
                "pictures in a folder called like one",
                folder -> pictures(classes("cat", "dog").in(folder), "cat/x.jpg", 2),
                "cat=4 dog=2");
    }

    private static void names(HostileFolders all) {
        all.add(
                "two Unicode forms in two parts",
                folder -> {
                    pictures(folder, "train/" + CAFE, 2);
                    pictures(folder, "train/bar", 2);
                    pictures(folder, "val/" + CAFE_APART, 1);
                    return pictures(folder, "val/bar", 1);
                },
                "bar=2 " + CAFE + "=2 | val bar=1 " + CAFE + "=1");
        all.add(
                "two Unicode forms in one set",
                classes("bar", CAFE, CAFE_APART),
                "refused",
                "caf\\u00E9",
                "cafe\\u0301",
                "put the pictures of both into one");
        all.add(
                "an invisible difference",
                classes("cat", "cat\u200B"),
                "cat=2 cat\u200B=2",
                "are two classes, though they differ");
        all.add("two cases", classes("Cat", "cat"), "Cat=2 cat=2", "'Cat' and 'cat' are two classes");
        all.add(
                "class names of another character set",
                folder -> pictures(classes("cat").in(folder), raw(folder, "%B5%FE%B1%E2"), 2),
                "refused",
                "\\xB5\\xFE\\xB1\\xE2");
        all.add(
                "two names that read alike in this character set",
                folder -> {
                    pictures(folder, raw(folder, "%B5%FE"), 2);
                    return pictures(folder, raw(folder, "%B5%FF"), 2);
                },
                "refused",
                "names of folders are not",
                "\\xB5\\xFE, \\xB5\\xFF");
        all.add(
                "a picture name of another character set",
                folder -> pictures(classes("cat", "dog").in(folder), raw(folder, "cat/%B5%FE"), 1),
                "cat=3 dog=2");
        all.add("beyond the basic plane", classes("\uD83D\uDE00", "강아지"), "강아지=2 \uD83D\uDE00=2");
        all.add("odd characters", classes("50% 'off'", "a=b;c", "-dash", "@at"), "-dash=2 50% 'off'=2 @at=2 a=b;c=2");
        all.add("a very long name", classes("x".repeat(255), "y"), "x".repeat(255) + "=2 y=2");
    }

    private static void contents(HostileFolders all) {
        all.add(
                "classes without pictures",
                folder -> {
                    Files.createDirectories(folder.resolve("bird"));
                    file(folder, "fish/notes.txt", "later");
                    file(folder, "horse/1.HEIC", "x");
                    return file(classes("cat", "dog").in(folder), "horse/2.heic", "x");
                },
                "refused",
                "no pictures in 3 of its 5 classes: bird (empty), fish (1 .txt), horse (2 .heic (HEIC, which is not read));");
        all.add(
                "camera files",
                folder -> file(classes("cat").in(folder), "dog/a.NEF", "x"),
                "refused",
                "dog: no pictures in this class (1 .nef (camera RAW, which is not read))");
        all.add(
                "pictures without an extension",
                folder -> {
                    classes("cat", "dog").in(folder);
                    for (String name : List.of("image_0001", "b.jpg_large", "c.jpeg~", "d.JPG.1", "e.2020.10.12")) {
                        Files.copy(folder.resolve("cat/1.png"), folder.resolve("cat/" + name));
                    }
                    return file(folder, "cat/README", "BMW is a maker of cars");
                },
                "cat=7 dog=2",
                "1 without extension");
        all.add(
                "none of many has an extension",
                folder -> {
                    for (String name : List.of("cat", "dog")) {
                        classes(name).in(folder);
                        Files.move(folder.resolve(name + "/1.png"), folder.resolve(name + "/1"));
                        Files.move(folder.resolve(name + "/2.png"), folder.resolve(name + "/2"));
                    }
                    return folder;
                },
                "cat=2 dog=2");
        all.add(
                "other files without an extension",
                folder -> {
                    file(folder, "dog/page", "<!DOCTYPE html><html></html>");
                    return file(
                            classes("cat").in(folder),
                            "dog/pointer",
                            "version https://git-lfs.github.com/spec/v1\noid");
                },
                "refused",
                "1 without extension (a Git LFS pointer)",
                "1 without extension (a web page)");
        all.add(
                "one picture with a part to validate on",
                folder -> delete(parts("train", "val").in(folder), "train/cat/2.png"),
                "cat=1 dog=2 | val cat=1 dog=1");
        all.add(
                "one picture of some classes",
                folder -> delete(classes("cat", "dog", "ship").in(folder), "cat/2.png", "ship/2.png"),
                "refused",
                "cat, ship: only one picture in each of these classes");
        all.add(
                "folders in classes",
                folder -> pictures(classes("cat", "dog").in(folder), "cat/deep/er", 2),
                "cat=4 dog=2");
    }
}
