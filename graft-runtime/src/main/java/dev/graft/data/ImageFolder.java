package dev.graft.data;

import dev.graft.GraftException;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures with one subfolder a class, whose name is the class's; or with folders {@code train}, {@code val}
 * and {@code test} of that form in it, also as {@code Training}, {@code valid}, {@code test_set} and the like. Folders
 * inside a class belong to it. Hidden files and what systems and tools leave are passed over. Nothing is decoded here: a
 * file counts as a picture by its extension, and where that does not say for certain that it is something else by its first
 * bytes.
 *
 * @param path the folder
 * @param train the pictures of {@code train}, or all
 * @param validation the pictures of {@code val}, if that is there
 * @param test the pictures of {@code test}, if that is there
 * @param ignored how many files were passed over, by extension in lower case
 * @param remarks what else was passed over or looks odd, a sentence each
 */
public record ImageFolder(
        Path path,
        PictureSet train,
        @Nullable PictureSet validation,
        @Nullable PictureSet test,
        Map<String, Integer> ignored,
        List<String> remarks) {
    /** What of a folder becomes the validation part when it brings none. */
    public static final double VALIDATION_SHARE = 0.2;

    public ImageFolder {
        ignored = Collections.unmodifiableMap(new TreeMap<>(ignored));
        remarks = List.copyOf(remarks);
    }

    /**
     * Lists a folder to train on.
     *
     * @throws GraftException when it is missing, no folder, unreadable, without two classes of two pictures each, or
     *     when its parts have different classes; one picture of a class will do where there is a validation part
     */
    public static ImageFolder read(Path folder) {
        return read(folder, false);
    }

    /**
     * The same where another folder may be there to validate on.
     *
     * @param validated whether it is, so that one picture of a class will do
     */
    public static ImageFolder read(Path folder, boolean validated) {
        FolderScan.requireFolder(folder);
        BroadFolder.refuse(folder);
        FolderScan scan = new FolderScan();
        FolderLayout layout = FolderLayout.of(scan, folder);
        List<String> remarks = new ArrayList<>(layout.remarks());
        PictureSet learnt = layout.train().read(validated || layout.validation() != null ? 1 : 2);
        remarks.addAll(ClassNames.alike(learnt.classes()));
        PictureSet validation = part(scan, layout.validation(), learnt.classes(), remarks);
        PictureSet test = part(scan, layout.test(), learnt.classes(), remarks);
        remarks.addAll(scan.remarks());
        return new ImageFolder(folder, learnt, validation, test, scan.ignored(), remarks);
    }

    /**
     * Lists another folder of pictures of known classes: to validate, test or evaluate on.
     *
     * @throws GraftException as {@link KnownFolder#read}, which also tells what was passed over
     */
    public static PictureSet readAs(Path folder, List<String> classes) {
        return KnownFolder.read(folder, classes).pictures();
    }

    public List<String> classes() {
        return train.classes();
    }

    /** The pictures of all parts. */
    public List<Picture> allPictures() {
        return Stream.of(train, validation, test)
                .flatMap(Stream::ofNullable)
                .flatMap(set -> set.pictures().stream())
                .toList();
    }

    /** The same without the pictures that a test refuses: those that cannot be read. */
    public ImageFolder only(Predicate<Picture> test) {
        return new ImageFolder(
                path,
                train.only(test),
                validation == null ? null : validation.only(test),
                this.test == null ? null : this.test.only(test),
                ignored,
                remarks);
    }

    /** The paths of the pictures below the folders of their classes, with slashes. */
    Map<Picture, String> namesInClasses() {
        Map<Picture, String> names = new LinkedHashMap<>();
        Stream.of(train, validation, test).flatMap(Stream::ofNullable).forEach(set -> {
            int depth = depth(set);
            for (Picture picture : set.pictures()) {
                Path below = path.relativize(picture.path());
                String name = below.subpath(Math.min(depth + 1, below.getNameCount() - 1), below.getNameCount())
                        .toString();
                names.put(picture, name.replace('\\', '/'));
            }
        });
        return names;
    }

    /** How many folders the class folders of a set lie below this one: the first depth at which all are called so. */
    private int depth(PictureSet set) {
        int depth = 0;
        while (!isDepth(depth, set)) {
            depth++;
        }
        return depth;
    }

    private boolean isDepth(int depth, PictureSet set) {
        return set.pictures().stream().allMatch(picture -> {
            Path below = path.relativize(picture.path());
            return depth >= below.getNameCount() - 1
                    || Spelling.same(FolderScan.name(below.getName(depth)), set.className(picture));
        });
    }

    /**
     * The parts to work with, each picture for itself: {@link #split(double, double, long, PictureGroups)} without
     * groups.
     */
    public Splits split(double validationShare, double testShare, long seed) {
        return split(validationShare, testShare, seed, PictureGroups.none());
    }

    /**
     * The parts to work with. Folders {@code val} and {@code test} are used where they are; what is missing is cut from
     * {@code train}, the same share of every class, at least one picture of each.
     *
     * @param validationShare of the pictures, 0 to 1; {@link #VALIDATION_SHARE} is usual
     * @param testShare of the pictures; 0 for no test part
     * @param seed the same seed and files give the same parts
     * @param groups pictures that stay in one part; the shares of the classes are as even as these allow
     * @throws GraftException if a test part is wanted and no class has pictures left for it, or if all pictures of a
     *     class are of one group
     */
    public Splits split(double validationShare, double testShare, long seed, PictureGroups groups) {
        double toValidate = validation == null ? validationShare : 0;
        double toTest = test == null ? testShare : 0;
        Splits cut = Splits.cut(train, groups, toValidate, toTest, seed);
        if (cut.test() != null && cut.test().size() == 0) {
            throw new GraftException(path + ": no class has enough pictures to learn from, validate and test on;"
                    + " add some, or a folder test");
        }
        return new Splits(
                cut.train(), validation == null ? cut.validation() : validation, test == null ? cut.test() : test);
    }

    private static @Nullable PictureSet part(
            FolderScan scan, @Nullable Path folder, List<String> classes, List<String> remarks) {
        if (folder == null) {
            return null;
        }
        ClassFolders part = ClassFolders.of(scan, folder);
        List<String> missing = classes.stream()
                .filter(name -> !Spelling.contains(part.names(), name))
                .toList();
        if (!missing.isEmpty()) {
            String names = missing.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
            List<String> others = part.names().stream()
                    .filter(name -> !Spelling.contains(classes, name))
                    .toList();
            throw new GraftException(folder + ": has no class " + names + ", which train has"
                    + (others.isEmpty() ? "" : ", but " + FolderScan.few(others)) + "; add it");
        }
        return KnownFolder.read(scan, part, classes, remarks);
    }
}
