package dev.graft.dataset;

import dev.graft.Spelling;
import java.util.List;

/**
 * How a manifest is written: the names of its columns, in any order and case; other columns are passed over. Immutable;
 * start from {@link #standard()}.
 *
 * @param path the column with the file of a picture
 * @param label the column with the name of its class
 * @param split the column with the part it belongs to, such as {@code train}; may be missing under its usual name
 * @param weight the column with how much it counts; may be missing under its usual name
 * @param group the column with what pictures of one origin have in common, such as a patient; may be missing under its
 *     usual name, and blank for a picture that stands alone
 * @param delimiter between the fields of a CSV file
 * @param classes the classes in the order of their indices; empty to take those of the rows, sorted: as numbers where
 *     all are whole numbers, else as text
 */
public record ManifestFormat(
        String path, String label, String split, String weight, String group, char delimiter, List<String> classes) {
    static final String USUAL_SPLIT = "split";
    static final String USUAL_WEIGHT = "weight";
    static final String USUAL_GROUP = "group";

    public ManifestFormat {
        classes = List.copyOf(classes);
        if (Spelling.distinct(classes).size() < classes.size()) {
            throw new IllegalArgumentException("a class is named twice in " + classes);
        }
    }

    /** Columns {@code path,label} and, where they are there, {@code split}, {@code weight} and {@code group}, parted by
     * commas. */
    public static ManifestFormat standard() {
        return new ManifestFormat("path", "label", USUAL_SPLIT, USUAL_WEIGHT, USUAL_GROUP, ',', List.of());
    }

    public ManifestFormat path(String column) {
        return new ManifestFormat(column, label, split, weight, group, delimiter, classes);
    }

    public ManifestFormat label(String column) {
        return new ManifestFormat(path, column, split, weight, group, delimiter, classes);
    }

    /** Another column for the parts, which must then be there. */
    public ManifestFormat split(String column) {
        return new ManifestFormat(path, label, column, weight, group, delimiter, classes);
    }

    /** Another column for the weights, which must then be there. */
    public ManifestFormat weight(String column) {
        return new ManifestFormat(path, label, split, column, group, delimiter, classes);
    }

    /** Another column for the groups, which must then be there. */
    public ManifestFormat group(String column) {
        return new ManifestFormat(path, label, split, weight, column, delimiter, classes);
    }

    public ManifestFormat delimiter(char between) {
        return new ManifestFormat(path, label, split, weight, group, between, classes);
    }

    /** The only classes that may occur, in the order of their indices. */
    public ManifestFormat classes(String... names) {
        return new ManifestFormat(path, label, split, weight, group, delimiter, List.of(names));
    }
}
