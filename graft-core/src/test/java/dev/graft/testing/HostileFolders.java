package dev.graft.testing;

import dev.graft.GeneratedPictures;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Folders as people, their systems and their tools leave them, each with what is right. Each is made in an empty folder and
 * holds pictures that can be read, so that it can also be trained on.
 */
public final class HostileFolders {
    private static final String CAFE = "caf\u00E9";
    private static final String CAFE_APART = "cafe\u0301";

    private static final List<Hostile> ALL = new ArrayList<>();

    /** Fills an empty folder; gives the folder that a user would name. */
    @FunctionalInterface
    public interface Making {
        Path in(Path folder) throws IOException;
    }

    /**
     * One folder.
     *
     * @param right pictures of each class in each part: {@code cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1}; or
     *     {@code refused}
     * @param says what the remarks, the counts of other files or the refusal have in them
     */
    public record Hostile(String name, Making making, String right, List<String> says) {
        @Override
        public String toString() {
            return name;
        }
    }

    private HostileFolders() {}

    /** All of them. */
    public static List<Hostile> all() {
        return List.copyOf(ALL);
    }

    /** The one of a name. */
    public static Hostile named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    private static void add(String name, Making making, String right, String... says) {
        ALL.add(new Hostile(name, making, right, List.of(says)));
    }

    static {
        spellingsOfParts();
        whatLiesBesideParts();
        classesThatAreCalledLikeParts();
        structure();
        levels();
        systems();
        links();
        noRegularFiles();
        names();
        contents();
    }

    private static void spellingsOfParts() {
        List<String> two =
                List.of("Training Testing", "TRAIN TEST", "train_set test_set", "trainset testset", "trn tst");
        for (String pair : two) {
            add(pair, parts(pair.split(" ")), "cat=2 dog=2 | test cat=1 dog=1");
        }
        add("prefix", parts("flowers-train", "flowers-test"), "cat=2 dog=2 | test cat=1 dog=1");
        add("camel case", parts("TrainData", "TestData"), "cat=2 dog=2 | test cat=1 dog=1");
        add("hold-out", parts("train", "hold-out"), "cat=2 dog=2 | test cat=1 dog=1");
        List<String> three = List.of(
                "train val test",
                "train valid test",
                "1_train 2_validation 3_testing",
                "train-images dev-images test-images",
                "train eval holdout",
                "Train2017 Val2017 Test2017",
                "training_set validation_set test_set");
        for (String names : three) {
            add(names, parts(names.split(" ")), "cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1");
        }
        add(
                "unpacked twice",
                folder -> {
                    parts("seg_train/seg_train", "seg_test/seg_test").in(folder);
                    return pictures(folder, "seg_pred/seg_pred", 3);
                },
                "cat=2 dog=2 | test cat=1 dog=1",
                "'seg_pred' lies beside the parts seg_train and seg_test and is left out (3 pictures)");
    }

    private static void whatLiesBesideParts() {
        String all = "cat=2 dog=2 | val cat=1 dog=1 | test cat=1 dog=1";
        add(
                "unlabelled beside parts",
                folder -> pictures(parts("train", "valid", "test").in(folder), "pred", 5),
                all,
                "'pred' lies beside the parts train, valid and test and is left out (5 pictures)");
        add(
                "annotations beside parts",
                folder -> file(parts("train", "val", "test").in(folder), "annotations/a.xml", "<a/>"),
                all,
                "'annotations' lies beside",
                "(no pictures)");
        add(
                "unlabelled test",
                folder -> pictures(parts("train").in(folder), "test", 3),
                "cat=2 dog=2",
                "'test' is left out, as its pictures lie in no class folders");
        add(
                "predictions beside train alone",
                folder -> pictures(parts("train").in(folder), "pred", 3),
                "cat=2 dog=2",
                "'pred' lies beside the parts train and is left out (3 pictures)");
        add(
                "something beside train alone",
                folder -> pictures(parts("train").in(folder), "ship", 3),
                "refused",
                "train holds folders, as a part does, and ship lies beside it; if");
        add("train alone", parts("train"), "cat=2 dog=2");
        add("two for validation", parts("train", "val", "valid"), "refused", "has both val and valid; keep one");
        add("two for training", parts("train", "training"), "refused", "has both train and training");
        add("parts without train", parts("val", "test"), "refused", "has test and val but no train; add it");
        add(
                "train under another name",
                parts("learn", "test"),
                "refused",
                "has test but no train; call the folder with the pictures to learn from train, if it is among learn");
        add(
                "a class missing in a part",
                folder -> delete(parts("train", "val").in(folder), "val/dog/1.png", "val/dog"),
                "refused",
                "val: has no class 'dog', which train has; add it");
        add(
                "a class too much in a part",
                folder -> pictures(parts("train", "test").in(folder), "test/ship", 1),
                "refused",
                "test: its class 'ship' (1 picture) is not among");
    }

    private static void classesThatAreCalledLikeParts() {
        add("pictures of trains", classes("bus", "car", "train"), "bus=2 car=2 train=2");
        add("pictures of tests", classes("exam", "test"), "exam=2 test=2");
        add(
                "trains in stations",
                classes("bullet train", "train station", "test tube"),
                "bullet train=2 test tube=2 train station=2");
        add(
                "parts with classes called like parts",
                folder -> {
                    for (String part : List.of("train", "test")) {
                        pictures(folder, part + "/train", part.equals("train") ? 2 : 1);
                        pictures(folder, part + "/test", part.equals("train") ? 2 : 1);
                    }
                    return folder;
                },
                "test=2 train=2 | test test=1 train=1");
        add("flat parts", classes("test", "train"), "refused", "train: 2 pictures lie directly in the folder; put");
    }

    private static void structure() {
        add(
                "pictures and masks of each class",
                classes("covid/images", "covid/masks", "normal/images", "normal/masks"),
                "refused",
                "covid and normal holds the same folders (images, masks)",
                "put the pictures of each directly into its folder");
        add(
                "parts of unknown names",
                parts("learn", "check"),
                "refused",
                "check and learn holds the same folders (cat, dog)");
        add("folds", parts("fold1", "fold2", "fold3"), "refused", "fold1, fold2 and fold3 holds the same folders");
        add(
                "parts inside classes",
                classes("cat/train", "cat/val", "dog/train", "dog/val"),
                "refused",
                "the parts (train, val) lie inside the classes (cat and dog)");
        add(
                "left and right",
                classes("a/left", "a/right", "b/left", "b/right", "c/left", "c/right"),
                "a=4 b=4 c=4",
                "warning: each of the folders a, b and c holds the same folders (left, right); they are taken for classes");
    }

    private static void levels() {
        add(
                "one too high",
                folder -> classes("flowers/daisy", "flowers/rose").in(folder),
                "refused",
                "give ",
                "/flowers");
        add(
                "two too high",
                folder -> classes("a/flowers/daisy", "a/flowers/rose").in(folder),
                "refused",
                "/a/flowers");
        add("above parts", parts("flowers/train", "flowers/test"), "refused", "give ", "/flowers");
        add(
                "above two sets",
                parts("one/train", "one/test", "two/train", "two/test"),
                "refused",
                "one and two hold parts of their own");
        add(
                "above a set and what belongs to it",
                folder -> file(classes("flowers/daisy", "flowers/rose").in(folder), "labels/a.txt", "daisy"),
                "refused",
                "/flowers");
        add(
                "one too low",
                folder -> classes("flowers/daisy", "flowers/rose").in(folder).resolve("flowers/daisy"),
                "refused",
                "2 pictures lie directly in the folder",
                "give the folder above, ");
        add(
                "pictures beside classes",
                folder -> pictures(classes("cat", "dog").in(folder), ".", 3),
                "cat=2 dog=2",
                "3 pictures lie directly in ",
                "left out, such as 1.png");
        add("nothing", folder -> folder, "refused", "empty, expected one subfolder of pictures a class");
        add("files only", folder -> file(folder, "notes.txt", "later"), "refused", "no pictures in it (1 .txt)");
        add("one class", classes("cat"), "refused", "only one class, 'cat'");
        add("no such folder", folder -> folder.resolve("none"), "refused", "no such folder");
        add("a file", folder -> file(folder, "x.jpg", "x").resolve("x.jpg"), "refused", "is a file");
    }

    private static void systems() {
        add(
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
        add(
                "thumbnails of a server",
                folder -> {
                    pictures(folder, "cat/@eaDir/1.png", 1);
                    pictures(folder, "dog/deep/@eaDir/1.png", 1);
                    return classes("cat", "dog").in(folder);
                },
                "cat=2 dog=2",
                "@eaDir (2)");
        add(
                "an interrupted run of ours",
                folder -> file(classes("cat", "dog").in(folder), "pets.graft.resume/state", "x"),
                "cat=2 dog=2",
                "pets.graft.resume");
        add(
                "files of systems",
                folder -> {
                    file(folder, "cat/._1.png", "x");
                    file(folder, "cat/Thumbs.db", "x");
                    file(folder, "dog/desktop.ini", "x");
                    return file(classes("cat", "dog").in(folder), "dog/.DS_Store", "x");
                },
                "cat=2 dog=2");
        add(
                "hidden pictures and classes",
                folder -> {
                    pictures(folder, ".NET", 2);
                    return file(classes("cat", "dog").in(folder), "cat/.secret.png", "x");
                },
                "cat=2 dog=2",
                "passed over: .NET",
                ".secret.png");
    }

    private static void links() {
        add(
                "a class that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "horse", "/nowhere/horse"),
                "refused",
                "horse: is a link to nowhere (/nowhere/horse)");
        add(
                "a part that is a link to nowhere",
                folder -> link(parts("train", "test").in(folder), "val", "../gone"),
                "refused",
                "val: is a link to nowhere (../gone)");
        add(
                "a class of a part that is a link to nowhere",
                folder -> link(parts("train", "val").in(folder), "val/ship", "gone"),
                "refused",
                "val/ship: is a link to nowhere");
        add(
                "a class in a circle",
                folder -> link(classes("cat", "dog").in(folder), "horse", "horse"),
                "refused",
                "horse: is a circular link");
        add(
                "a class that is a link to the set",
                folder -> link(classes("cat", "dog").in(folder), "all", "."),
                "refused",
                "all: is a circular link");
        add(
                "a part that is a link",
                folder -> {
                    parts("set/train", "other").in(folder);
                    return link(folder.resolve("set"), "val", "../other");
                },
                "cat=2 dog=2 | val cat=1 dog=1");
        add(
                "a picture that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "cat/3.png", "gone.png"),
                "cat=3 dog=2");
        add(
                "a file that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "notes.txt", "gone.txt"),
                "cat=2 dog=2",
                "notes.txt (a link to nowhere (gone.txt))");
        add(
                "a folder in a class that is a link to nowhere",
                folder -> link(classes("cat", "dog").in(folder), "cat/more", "gone"),
                "cat=2 dog=2",
                "cat/more (a link to nowhere (gone))");
        add(
                "a link to its own folder",
                folder -> link(classes("cat", "dog").in(folder), "cat/again", "."),
                "cat=2 dog=2",
                "cat/again (a circular link)");
        add(
                "a link to the set",
                folder -> link(classes("cat", "dog").in(folder), "cat/up", ".."),
                "cat=2 dog=2",
                "cat/up (a circular link)");
        add(
                "links that work",
                folder -> {
                    pictures(folder, "elsewhere/horses", 2);
                    Path set = classes("set/cat", "set/dog").in(folder).resolve("set");
                    link(set, "cat/3.png", "1.png");
                    return link(set, "horse", "../elsewhere/horses");
                },
                "cat=3 dog=2 horse=2");
        add(
                "a folder that is a link to nowhere",
                folder -> link(folder, "set", "gone").resolve("set"),
                "refused",
                "set: is a link to nowhere (gone)");
    }

    private static void noRegularFiles() {
        add("a pipe", folder -> pipe(classes("cat", "dog").in(folder), "cat/pipe.jpg"), "cat=3 dog=2");
        add(
                "a pipe without extension",
                folder -> pipe(classes("cat", "dog").in(folder), "cat/pipe"),
                "cat=2 dog=2",
                "1 no regular file");
        add("a pipe beside classes", folder -> pipe(classes("cat", "dog").in(folder), "pipe"), "cat=2 dog=2");
        add(
                "a pipe for a folder",
                folder -> pipe(folder, "set").resolve("set"),
                "refused",
                "set: is a pipe, not a file");
        add("a socket", folder -> socket(classes("cat", "dog").in(folder), "cat/s.png"), "cat=3 dog=2");
        add("a device", folder -> link(classes("cat", "dog").in(folder), "cat/zero.png", "/dev/zero"), "cat=3 dog=2");
        add(
                "a folder called like a picture",
                folder -> {
                    Files.createDirectories(folder.resolve("cat/x.jpg"));
                    return classes("cat", "dog").in(folder);
                },
                "cat=3 dog=2");
        add(
                "pictures in a folder called like one",
                folder -> pictures(classes("cat", "dog").in(folder), "cat/x.jpg", 2),
                "cat=4 dog=2");
    }

    private static void names() {
        add(
                "two Unicode forms in two parts",
                folder -> {
                    pictures(folder, "train/" + CAFE, 2);
                    pictures(folder, "train/bar", 2);
                    pictures(folder, "val/" + CAFE_APART, 1);
                    return pictures(folder, "val/bar", 1);
                },
                "bar=2 " + CAFE + "=2 | val bar=1 " + CAFE + "=1");
        add(
                "two Unicode forms in one set",
                classes("bar", CAFE, CAFE_APART),
                "refused",
                "caf\\u00E9",
                "cafe\\u0301",
                "put the pictures of both into one");
        add(
                "an invisible difference",
                classes("cat", "cat\u200B"),
                "cat=2 cat\u200B=2",
                "are two classes, though they differ");
        add("two cases", classes("Cat", "cat"), "Cat=2 cat=2", "'Cat' and 'cat' are two classes");
        add(
                "class names of another character set",
                folder -> pictures(classes("cat").in(folder), raw(folder, "%B5%FE%B1%E2"), 2),
                "refused",
                "\\xB5\\xFE\\xB1\\xE2");
        add(
                "two names that read alike in this character set",
                folder -> {
                    pictures(folder, raw(folder, "%B5%FE"), 2);
                    return pictures(folder, raw(folder, "%B5%FF"), 2);
                },
                "refused",
                "names of folders are not",
                "\\xB5\\xFE, \\xB5\\xFF");
        add(
                "a picture name of another character set",
                folder -> pictures(classes("cat", "dog").in(folder), raw(folder, "cat/%B5%FE"), 1),
                "cat=3 dog=2");
        add("beyond the basic plane", classes("\uD83D\uDE00", "강아지"), "강아지=2 \uD83D\uDE00=2");
        add("odd characters", classes("50% 'off'", "a=b;c", "-dash", "@at"), "-dash=2 50% 'off'=2 @at=2 a=b;c=2");
        add("a very long name", classes("x".repeat(255), "y"), "x".repeat(255) + "=2 y=2");
    }

    private static void contents() {
        add(
                "classes without pictures",
                folder -> {
                    Files.createDirectories(folder.resolve("bird"));
                    file(folder, "fish/notes.txt", "later");
                    file(folder, "horse/1.HEIC", "x");
                    return file(classes("cat", "dog").in(folder), "horse/2.heic", "x");
                },
                "refused",
                "no pictures in 3 of its 5 classes: bird (empty), fish (1 .txt), horse (2 .heic (HEIC, which is not read));");
        add(
                "camera files",
                folder -> file(classes("cat").in(folder), "dog/a.NEF", "x"),
                "refused",
                "dog: no pictures in this class (1 .nef (camera RAW, which is not read))");
        add(
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
        add(
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
        add(
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
        add(
                "one picture with a part to validate on",
                folder -> delete(parts("train", "val").in(folder), "train/cat/2.png"),
                "cat=1 dog=2 | val cat=1 dog=1");
        add(
                "one picture of some classes",
                folder -> delete(classes("cat", "dog", "ship").in(folder), "cat/2.png", "ship/2.png"),
                "refused",
                "cat, ship: only one picture in each of these classes");
        add(
                "folders in classes",
                folder -> pictures(classes("cat", "dog").in(folder), "cat/deep/er", 2),
                "cat=4 dog=2");
    }

    /** Folders of classes, cat and dog: two pictures each in the first part of each set, one in the others. */
    private static Making parts(String... names) {
        return folder -> {
            for (String name : names) {
                boolean first = name.equals(names[0]) || name.endsWith("/train") || name.equals("training");
                pictures(folder, name + "/cat", first ? 2 : 1);
                pictures(folder, name + "/dog", first ? 2 : 1);
            }
            return folder;
        };
    }

    private static Making classes(String... names) {
        return folder -> {
            for (String name : names) {
                pictures(folder, name, 2);
            }
            return folder;
        };
    }

    private static Path pictures(Path folder, String below, int count) {
        return pictures(folder, folder.resolve(below), count);
    }

    private static Path pictures(Path folder, Path target, int count) {
        for (int i = 1; i <= count; i++) {
            int label = Math.floorMod(target.getFileName().hashCode(), 3);
            GeneratedPictures.write(target.resolve(i + ".png"), label, 100L * target.hashCode() + i);
        }
        return folder;
    }

    /** A path with bytes that are no text, each as a percent sign and two digits. */
    private static Path raw(Path folder, String bytes) {
        return Path.of(URI.create(folder.toUri() + bytes));
    }

    private static Path file(Path folder, String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return folder;
    }

    private static Path delete(Path folder, String... names) throws IOException {
        for (String name : names) {
            Files.delete(folder.resolve(name));
        }
        return folder;
    }

    private static Path link(Path folder, String name, String target) throws IOException {
        Files.createSymbolicLink(folder.resolve(name), Path.of(target));
        return folder;
    }

    private static Path pipe(Path folder, String name) throws IOException {
        try {
            new ProcessBuilder("mkfifo", folder.resolve(name).toString())
                    .start()
                    .waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return folder;
    }

    private static Path socket(Path folder, String name) throws IOException {
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
