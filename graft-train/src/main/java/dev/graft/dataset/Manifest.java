package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.data.Picture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file that lists labelled pictures: {@code path,label} and, if wanted, {@code split} and {@code weight}. Paths
 * are relative to the manifest's folder, or absolute.
 *
 * @param file the CSV file
 * @param classes the names of the classes; labels are indices into them
 * @param rows in the order of the file
 */
public record Manifest(Path file, List<String> classes, List<Row> rows) {
    /**
     * One picture.
     *
     * @param number of the row as spreadsheets count, the header being 1
     * @param path of the picture, which was there when the manifest was read
     * @param label the index of its class
     * @param part what the split column says, or null without one
     * @param weight how much it counts, 1 without a column
     */
    public record Row(
            int number, Path path, int label, @Nullable String part, float weight) {}

    public Manifest {
        classes = List.copyOf(classes);
        rows = List.copyOf(rows);
    }

    /** Reads a manifest with the usual columns. */
    public static Manifest read(Path file) {
        return read(file, ManifestFormat.standard());
    }

    /**
     * Reads a manifest.
     *
     * @throws GraftException naming the row, if it is not as the format says, or a picture is listed twice or missing
     */
    public static Manifest read(Path file, ManifestFormat format) {
        return ManifestReader.read(file, format);
    }

    /** The names in the split column in the order they come; none without one. */
    public List<String> parts() {
        return rows.stream().map(Row::part).filter(Objects::nonNull).distinct().toList();
    }

    /**
     * The rows of one part, with the classes of all.
     *
     * @throws GraftException if the split column has no such name
     */
    public Manifest part(String name) {
        List<Row> part = rows.stream().filter(row -> name.equals(row.part())).toList();
        if (part.isEmpty()) {
            throw new GraftException(
                    file + ": no row has the split '" + name + "', there are " + parts() + Nearest.hint(name, parts()));
        }
        return new Manifest(file, classes, part);
    }

    /** The pictures in the order of the rows. */
    public List<Picture> pictures() {
        return rows.stream().map(row -> new Picture(row.path(), row.label())).toList();
    }
}
