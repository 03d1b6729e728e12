package dev.graft.data;

import java.util.List;

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
