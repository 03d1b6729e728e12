package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the folder that was meant where the one that was given is a level too high or too low. */
final class FolderHints {
    private static final int DEEPEST = 4;
    private static final int MOST_PARTS = 3;
    private static final int LOOKED_AT = 20;
    private static final String NUMBERED = "(?i)(fold|split|part|set|batch|subset)[ _-]?\\d+";

    private FolderHints() {}

    /**
     * What to say of a folder without subfolders.
     *
     * @param hint what else may be meant where pictures lie in it, or nothing
     */
    static GraftException noFolders(Path folder, FolderScan.Listing listing, String hint) {
        TreeMap<String, Integer> others = new TreeMap<>();
        // Those without an extension count too.
        int loose = listing.folders().isEmpty()
                ? new FolderScan().picturesBelow(folder, others).size()
                : listing.pictures().size();
        if (loose > 0) {
            return new GraftException(
                    FileName.shown(folder) + ": " + (loose == 1 ? "1 picture lies" : loose + " pictures lie")
                            + " directly in the folder; put them into one subfolder a class" + hint);
        }
        return new GraftException(FileName.shown(folder) + ": "
                + (others.isEmpty() ? "empty" : "no pictures in it (" + OtherFiles.text(others) + ")")
                + ", expected one subfolder of pictures a class");
    }

    /** Names the folder above, if this one is a class beside others. */
    static String above(Path folder) {
        Path parent = parent(folder);
        try {
            long classes = parent == null
                    ? 0
                    : FolderScan.folders(parent).stream()
                            .limit(LOOKED_AT)
                            .filter(path -> FolderShape.of(path).loose())
                            .count();
            return classes > 1 ? "; if they are all of one class, give the folder above, " + parent : "";
        } catch (GraftException unreadable) {
            return "";
        }
    }

    /** The folder that one lies in, as its user would write it. */
    static @Nullable Path parent(Path folder) {
        Path plain = folder.normalize();
        boolean written = plain.getParent() != null && !plain.endsWith("..");
        return written ? plain.getParent() : plain.toAbsolutePath().normalize().getParent();
    }

    /**
     * Refuses folders that are no classes by how they look: a set in a folder of its own, parts of other names, parts
     * inside classes.
     *
     * @param remarks gets a word on what is only odd
     */
    static void requireClasses(Path folder, List<FolderShape> shapes, List<String> remarks) {
        below(shapes).ifPresent(right -> {
            throw new GraftException(folder + ": holds the folder of classes " + FolderScan.name(right)
                    + ", and is no folder of classes itself; give " + right);
        });
        List<FolderShape> sets = shapes.stream().filter(FolderHints::hasParts).toList();
        if (!sets.isEmpty()) {
            throw new GraftException(folder + ": " + FolderShape.names(sets)
                    + (sets.size() == 1
                            ? " holds parts of its own; give "
                            : " hold parts of their own; give one of them: ")
                    + sets.get(0).folder());
        }
        if (shapes.size() < 2 || !shapes.stream().allMatch(FolderShape::holdsFolders)) {
            return;
        }
        boolean turned = shapes.stream()
                .allMatch(shape ->
                        PartName.among(shape.inner()).size() == shape.inner().size());
        FolderShape first = shapes.get(0);
        String inner = String.join(", ", first.inner().stream().limit(3).toList());
        if (turned
                && shapes.stream()
                        .anyMatch(shape -> PartName.among(shape.inner()).containsValue(PartName.TRAIN))) {
            throw new GraftException(folder + ": the parts (" + inner + ") lie inside the classes ("
                    + FolderShape.names(shapes) + "), where Graft wants the classes inside the parts: "
                    + folder.resolve("train").resolve(first.name()) + " and so on; move them");
        }
        requireUnlike(folder, shapes, remarks);
    }

    /** Folders that hold the same folders are parts of other names, or classes that are parted once more. */
    private static void requireUnlike(Path folder, List<FolderShape> shapes, List<String> remarks) {
        Set<String> common = new TreeSet<>(shapes.get(0).inner());
        Set<String> all = new TreeSet<>();
        for (FolderShape shape : shapes) {
            common.retainAll(shape.inner());
            all.addAll(shape.inner());
        }
        if (common.size() < 2 || 2 * common.size() < all.size()) {
            return;
        }
        String alike = "each of the folders " + FolderShape.names(shapes) + " holds the same folders ("
                + FolderScan.few(List.copyOf(common)) + ")";
        boolean numbered = shapes.stream().allMatch(shape -> shape.name().matches(NUMBERED));
        if (numbered || shapes.size() <= Math.max(MOST_PARTS, common.size())) {
            throw new GraftException(folder + ": " + alike
                    + "; if they are parts, call them train, val and test, or give"
                    + " one of them: " + shapes.get(0).folder() + "; if they are classes, put the pictures of each"
                    + " directly into its folder");
        }
        remarks.add(
                "warning: " + alike + "; they are taken for classes: if they are parts, call them train, val and test");
    }

    /** Whether a folder is a set by itself: a training part with classes in it. */
    private static boolean hasParts(FolderShape shape) {
        return PartName.among(shape.inner()).entrySet().stream()
                .anyMatch(part -> part.getValue() == PartName.TRAIN
                        && FolderShape.of(shape.folder().resolve(part.getKey())).holdsFolders());
    }

    /** The one folder with pictures, if it holds a set and everything else here holds none. */
    private static Optional<Path> below(List<FolderShape> shapes) {
        List<FolderShape> structured =
                shapes.stream().filter(FolderShape::holdsFolders).toList();
        if (structured.isEmpty() || shapes.stream().anyMatch(FolderShape::loose)) {
            return Optional.empty();
        }
        List<FolderShape> filled = shapes.size() == 1
                ? shapes
                : shapes.stream().filter(FolderShape::hasPictures).toList();
        return filled.size() == 1 ? set(filled.get(0), DEEPEST) : Optional.empty();
    }

    /** The folder of classes or parts in a folder or below it, as far as there is only one way down. */
    static Optional<Path> set(FolderShape shape, int deepest) {
        List<FolderShape> inner =
                FolderScan.folders(shape.folder()).stream().map(FolderShape::of).toList();
        boolean parts = inner.stream().anyMatch(each -> PartName.of(each.name()).isPresent() && each.holdsFolders());
        if (parts || inner.stream().filter(FolderShape::hasPictures).count() > 1) {
            return Optional.of(shape.folder());
        }
        return deepest > 0 && inner.size() == 1 && !shape.loose() ? set(inner.get(0), deepest - 1) : Optional.empty();
    }

    /** The folders in this one that hold some of the classes. */
    static List<Path> holding(Path folder, Set<String> classes) {
        return FolderScan.folders(folder).stream()
                .filter(path -> holds(path, classes))
                .toList();
    }

    private static boolean holds(Path folder, Set<String> classes) {
        try {
            return FolderShape.of(folder).inner().stream().anyMatch(classes::contains);
        } catch (GraftException unreadable) {
            return false;
        }
    }
}
