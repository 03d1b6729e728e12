package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.data.LabelledPictures;
import dev.graft.data.ListedPicture;
import dev.graft.data.Picture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A list of labelled pictures in a CSV file, or in one of JSON lines ({@code .jsonl}), which has an object a picture:
 * {@code path,label} and, if wanted, {@code split}, {@code weight} and {@code group}. Paths are relative to the manifest's
 * folder, or absolute.
 *
 * @param file the file
 * @param classes the names of the classes; labels are indices into them
 * @param rows in the order of the file; the pictures were there when it was read
 */
public record Manifest(Path file, List<String> classes, List<ListedPicture> rows) {
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
        return rows.stream()
                .map(ListedPicture::part)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /**
     * The rows of one part, with the classes of all.
     *
     * @throws GraftException if the split column has no such name
     */
    public Manifest part(String name) {
        List<ListedPicture> part =
                rows.stream().filter(row -> name.equals(row.part())).toList();
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

    /**
     * What a run is given, as {@code ImageFolder.read} gives it of a folder: parts by the split column, groups by the group
     * column.
     *
     * @param validated whether other pictures are there to validate on, so that one picture of a class will do
     * @throws GraftException if a class has no pictures to learn from, or the split column says what no part is
     */
    public LabelledPictures labelledPictures(boolean validated) {
        return LabelledPictures.ofList(file, classes, rows, validated);
    }
}
