package dev.graft.data;

import dev.graft.GraftException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures with one subfolder a class, whose name is the class's; or with folders {@code train}, {@code val}
 * (or {@code valid}, {@code validation}) and {@code test} of that form in it. Folders inside a class belong to it.
 * Hidden files are passed over. Nothing is decoded here: a file counts as a picture by its extension.
 *
 * @param path the folder
 * @param train the pictures of {@code train}, or all
 * @param validation the pictures of {@code val}, if that is there
 * @param test the pictures of {@code test}, if that is there
 * @param ignored how many files were passed over, by extension in lower case
 */
public record ImageFolder(
        Path path,
        PictureSet train,
        @Nullable PictureSet validation,
        @Nullable PictureSet test,
        Map<String, Integer> ignored) {
    /** What of a folder becomes the validation part when it brings none. */
    public static final double VALIDATION_SHARE = 0.2;

    private static final List<String> VALIDATION_NAMES = List.of("val", "valid", "validation");
    private static final Set<String> PART_NAMES = Set.of("train", "val", "valid", "validation", "test");

    public ImageFolder {
        ignored = Map.copyOf(ignored);
    }

    /**
     * Lists a folder to train on.
     *
     * @throws GraftException when it is missing, no folder, unreadable, without two classes of two pictures each, or
     *     when its parts have different classes
     */
    public static ImageFolder read(Path folder) {
        FolderScan.requireFolder(folder);
        FolderScan scan = new FolderScan();
        Map<String, Path> parts = new HashMap<>();
        scan.subfolders(folder).forEach(path -> parts.put(FolderScan.name(path), path));
        Path train = parts.get("train");
        // with other folders beside it, "train" is a class: a picture of a train
        if (train == null || !PART_NAMES.containsAll(parts.keySet())) {
            PictureSet all = readClasses(scan, folder);
            return new ImageFolder(folder, all, null, null, scan.ignored());
        }
        PictureSet learnt = readClasses(scan, train);
        List<Path> validation = VALIDATION_NAMES.stream()
                .map(parts::get)
                .flatMap(path -> Optional.ofNullable(path).stream())
                .toList();
        if (validation.size() > 1) {
            throw new GraftException(folder + ": has both " + FolderScan.name(validation.get(0)) + " and "
                    + FolderScan.name(validation.get(1)) + "; keep one of them");
        }
        Path test = parts.get("test");
        return new ImageFolder(
                folder,
                learnt,
                validation.isEmpty() ? null : readPart(scan, validation.get(0), learnt.classes()),
                test == null ? null : readPart(scan, test, learnt.classes()),
                scan.ignored());
    }

    /**
     * Lists another folder of pictures of known classes: to validate, test or evaluate on.
     *
     * @throws GraftException when it is missing, no folder, unreadable or empty, or has a class that is not among
     *     {@code classes}; a class of theirs may be absent
     */
    public static PictureSet readAs(Path folder, List<String> classes) {
        FolderScan.requireFolder(folder);
        return readKnown(new FolderScan(), folder, classes);
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

    /** The path of one of the pictures below the folder of its class, with slashes. */
    String nameInClass(Picture picture) {
        Path below = path.relativize(picture.path());
        // Of two classes one at least is not called as the folder of its part.
        boolean inParts = train.pictures().stream()
                .anyMatch(one ->
                        !FolderScan.name(path.relativize(one.path()).getName(0)).equals(train.className(one)));
        int from = inParts ? 2 : 1;
        return below.subpath(from, below.getNameCount()).toString().replace('\\', '/');
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
        Splits cut = new StratifiedSplit(train, groups, toValidate, toTest).split(seed);
        if (cut.test() != null && cut.test().size() == 0) {
            throw new GraftException(path + ": no class has enough pictures to learn from, validate and test on;"
                    + " add some, or a folder test");
        }
        return new Splits(
                cut.train(), validation == null ? cut.validation() : validation, test == null ? cut.test() : test);
    }

    private static PictureSet readClasses(FolderScan scan, Path folder) {
        List<Path> subfolders = scan.subfolders(folder);
        List<String> classes = subfolders.stream().map(FolderScan::name).toList();
        if (classes.contains("test") && !classes.contains("train") && PART_NAMES.containsAll(classes)) {
            throw new GraftException(folder + ": has " + String.join(" and ", classes) + " but no train; add it");
        }
        if (classes.isEmpty()) {
            throw noClasses(scan, folder);
        }
        PictureSet set = collect(scan, subfolders, classes);
        int[] counts = set.countPerClass();
        for (int label = 0; label < counts.length; label++) {
            Path subfolder = subfolders.get(label);
            if (counts[label] == 0) {
                throw new GraftException(subfolder + ": no pictures in this class; add some, or remove the folder");
            }
            if (counts[label] == 1) {
                throw new GraftException(
                        subfolder + ": only one picture in this class, which cannot be both learnt from"
                                + " and validated on; add more, or remove the folder");
            }
        }
        if (classes.size() == 1) {
            throw new GraftException(folder + ": only one class, '" + classes.get(0)
                    + "'; put the pictures of at least two classes into a subfolder each");
        }
        return set;
    }

    private static GraftException noClasses(FolderScan scan, Path folder) {
        int loose = scan.picturesDirectlyIn(folder).size();
        return new GraftException(
                loose == 0
                        ? folder + ": empty, expected one subfolder of pictures a class"
                        : folder + ": " + loose
                                + " pictures lie directly in the folder; put them into one subfolder a class");
    }

    private static PictureSet readPart(FolderScan scan, Path folder, List<String> classes) {
        List<String> here =
                scan.subfolders(folder).stream().map(FolderScan::name).toList();
        for (String name : classes) {
            if (!here.contains(name)) {
                throw new GraftException(folder + ": has no class '" + name + "', which train has; add it");
            }
        }
        return readKnown(scan, folder, classes);
    }

    private static PictureSet readKnown(FolderScan scan, Path folder, List<String> classes) {
        List<Path> subfolders = scan.subfolders(folder);
        for (Path subfolder : subfolders) {
            if (!classes.contains(FolderScan.name(subfolder))) {
                throw new GraftException(folder + ": its class '" + FolderScan.name(subfolder)
                        + "' is not among the classes trained on (" + String.join(", ", classes)
                        + "); rename or remove it");
            }
        }
        if (subfolders.isEmpty()) {
            throw noClasses(scan, folder);
        }
        PictureSet set = collect(scan, subfolders, classes);
        if (set.size() == 0) {
            throw new GraftException(folder + ": no pictures in any of its classes; add some");
        }
        return set;
    }

    private static PictureSet collect(FolderScan scan, List<Path> subfolders, List<String> classes) {
        Map<Integer, List<Path>> found = new TreeMap<>();
        for (Path subfolder : subfolders) {
            found.put(classes.indexOf(FolderScan.name(subfolder)), scan.picturesBelow(subfolder));
        }
        List<Picture> pictures = new ArrayList<>();
        found.forEach((label, paths) -> paths.forEach(path -> pictures.add(new Picture(path, label))));
        return new PictureSet(classes, pictures);
    }
}
