package dev.graft.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Labelled pictures, not yet read.
 *
 * @param classes the names of the classes; a label is an index into them
 * @param pictures sorted by class, then by path
 */
public record PictureSet(List<String> classes, List<Picture> pictures) {
    public PictureSet {
        classes = List.copyOf(classes);
        pictures = List.copyOf(pictures);
        for (Picture picture : pictures) {
            if (picture.label() < 0 || picture.label() >= classes.size()) {
                throw new IllegalArgumentException(
                        picture.path() + " has label " + picture.label() + ", the classes are " + classes);
            }
        }
    }

    /**
     * The pictures of a folder and all folders below with classes that are given instead of read from the folders'
     * names; classes are sorted by name.
     *
     * @param labels the class of each picture, in the order of {@link PictureFiles#below}
     * @throws dev.graft.GraftException if there are more or fewer labels than pictures, or no pictures
     */
    public static PictureSet labelled(Path folder, List<String> labels) {
        return GivenLabels.inOrder(folder, labels);
    }

    /**
     * The same with a map.
     *
     * @param labels the class of each picture by its path below the folder, with slashes
     * @throws dev.graft.GraftException if a picture has no label, or a label no picture
     */
    public static PictureSet labelled(Path folder, Map<String, String> labels) {
        return GivenLabels.byName(folder, labels);
    }

    /**
     * The same pictures with the classes in this order, which decides the labels.
     *
     * @param order all classes that have pictures, and others if wanted
     * @throws dev.graft.GraftException if a class of a picture is not named
     */
    public PictureSet withClasses(List<String> order) {
        return GivenLabels.reordered(this, order);
    }

    /** The same classes with those of the pictures that pass a test. */
    public PictureSet only(Predicate<Picture> test) {
        return new PictureSet(classes, pictures.stream().filter(test).toList());
    }

    public int size() {
        return pictures.size();
    }

    /** How many pictures each class has, in the order of the classes. */
    public int[] countPerClass() {
        int[] counts = new int[classes.size()];
        pictures.forEach(picture -> counts[picture.label()]++);
        return counts;
    }

    /** The name of a picture's class. */
    public String className(Picture picture) {
        return classes.get(picture.label());
    }

    /** The pictures of one class. */
    public List<Picture> ofClass(int label) {
        return pictures.stream().filter(picture -> picture.label() == label).toList();
    }
}
