package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.RegularFile;
import dev.graft.Spelling;
import dev.graft.data.ListedPicture;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads manifests. They may come from strangers: their size is bounded, and what messages show of them is cut. */
final class ManifestReader {
    private static final int ABSENT = -1;
    private static final String WHOLE_NUMBER = "\\d{1,9}";

    private final Path file;
    private final ManifestFormat format;
    private List<String> header = List.of();
    private int pathColumn;
    private int labelColumn;
    private int splitColumn;
    private int weightColumn;
    private int groupColumn;

    /** A row whose label is still a name. */
    private record Entry(ListedPicture row, String label) {}

    private ManifestReader(Path file, ManifestFormat format) {
        this.file = file;
        this.format = format;
    }

    static Manifest read(Path file, ManifestFormat format) {
        return new ManifestReader(file, format).read();
    }

    private Manifest read() {
        List<Entry> entries = entries();
        if (entries.isEmpty()) {
            throw new GraftException(file + ": has no pictures; add a row for each");
        }
        requireFiles(entries);
        List<String> classes = format.classes().isEmpty() ? classes(entries) : format.classes();
        Map<String, Integer> labels = new HashMap<>();
        classes.forEach(name -> labels.put(Spelling.nfc(name), labels.size()));
        List<ListedPicture> rows = new ArrayList<>();
        for (Entry entry : entries) {
            Integer label = labels.get(Spelling.nfc(entry.label()));
            ListedPicture row = entry.row();
            if (label == null) {
                throw bad(
                        row.number(),
                        "label " + quoted(entry.label()) + " is not among the " + classes.size() + " classes"
                                + hint(entry.label(), classes, "; correct it, or name all classes"));
            }
            rows.add(new ListedPicture(row.number(), row.path(), label, row.part(), row.weight(), row.group()));
        }
        return new Manifest(file, classes, rows);
    }

    private List<Entry> entries() {
        ManifestTable table = ManifestTable.read(file, format);
        header = table.header();
        readHeader();
        List<Entry> entries = new ArrayList<>();
        for (ManifestTable.Line line : table.lines()) {
            entries.add(entry(line));
        }
        return entries;
    }

    private void readHeader() {
        pathColumn = column(format.path(), null);
        labelColumn = column(format.label(), null);
        splitColumn = column(format.split(), ManifestFormat.USUAL_SPLIT);
        weightColumn = column(format.weight(), ManifestFormat.USUAL_WEIGHT);
        groupColumn = column(format.group(), ManifestFormat.USUAL_GROUP);
    }

    /** Where a column is; one that has its usual name may be absent. */
    private int column(String name, @Nullable String usual) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int found = header.indexOf(wanted);
        if (found != header.lastIndexOf(wanted)) {
            throw bad(1, "column '" + name + "' is there twice; rename one");
        }
        if (found >= 0 || name.equals(usual)) {
            return found;
        }
        String alone = header.get(0);
        for (char other : new char[] {',', ';', '\t', '|'}) {
            if (header.size() == 1 && other != format.delimiter() && alone.indexOf(other) >= 0) {
                throw bad(
                        1,
                        "no column '" + name + "'; fields seem to be parted by '" + (other == '\t' ? "\\t" : other)
                                + "', give that as the delimiter, or save it with commas");
            }
        }
        throw bad(
                1,
                "no column '" + name + "', there are " + shown(String.join(", ", header))
                        + hint(name, header, "; call it so in the first row"));
    }

    private Entry entry(ManifestTable.Line line) {
        int number = line.number();
        String part = splitColumn == ABSENT ? null : filled(line, splitColumn);
        float weight = weightColumn == ABSENT ? 1 : weight(filled(line, weightColumn), number);
        String group = groupColumn == ABSENT || line.field(groupColumn).isBlank() ? null : line.field(groupColumn);
        Path path = path(filled(line, pathColumn), number);
        return new Entry(new ListedPicture(number, path, 0, part, weight, group), filled(line, labelColumn));
    }

    private String filled(ManifestTable.Line line, int column) {
        String field = line.field(column);
        if (field.isBlank()) {
            throw bad(line.number(), "no " + header.get(column) + "; fill it in or remove the row");
        }
        return field;
    }

    private Path path(String field, int number) {
        try {
            // A name written on another system may be in the other Unicode form.
            return Stream.of(field, Spelling.nfc(field), Normalizer.normalize(field, Normalizer.Form.NFD))
                    .map(file::resolveSibling)
                    .filter(Files::exists)
                    .findFirst()
                    .orElseGet(() -> file.resolveSibling(field));
        } catch (InvalidPathException e) {
            throw bad(number, quoted(field) + " is no path: " + shown(e.getReason()) + "; correct it");
        }
    }

    private float weight(String field, int number) {
        float weight;
        try {
            weight = Float.parseFloat(field);
        } catch (NumberFormatException e) {
            weight = Float.NaN;
        }
        if (!(weight >= 0 && Float.isFinite(weight))) {
            throw bad(number, "weight " + quoted(field) + " is no number from 0 on; correct it");
        }
        return weight;
    }

    /** A picture that is listed twice could be learnt from in one part and tested on in another. */
    private void requireFiles(List<Entry> entries) {
        Map<Path, Integer> seen = new HashMap<>();
        List<ListedPicture> missing = new ArrayList<>();
        for (Entry entry : entries) {
            ListedPicture row = entry.row();
            Integer before = seen.putIfAbsent(row.path().toAbsolutePath().normalize(), row.number());
            if (before != null) {
                throw bad(
                        row.number(),
                        quoted(row.path().toString()) + " is already in row " + before
                                + "; remove one of them, a weight lets a picture count more");
            }
            if (!Files.isRegularFile(row.path())) {
                missing.add(row);
            }
        }
        if (!missing.isEmpty()) {
            ListedPicture first = missing.get(0);
            String others = missing.size() == 1 ? "" : " (nor those of " + (missing.size() - 1) + " more rows)";
            throw bad(
                    first.number(),
                    RegularFile.obstacle(first.path()).orElse("no such file") + " "
                            + quoted(first.path().toString()) + others
                            + "; paths are relative to the folder of the list");
        }
    }

    private static List<String> classes(List<Entry> entries) {
        TreeSet<String> names = new TreeSet<>();
        entries.forEach(entry -> names.add(entry.label()));
        boolean numbers = names.stream().allMatch(name -> name.matches(WHOLE_NUMBER));
        // as text, 10 would come before 2
        return numbers
                ? names.stream()
                        .sorted(Comparator.comparingInt(Integer::parseInt))
                        .toList()
                : Spelling.distinct(names);
    }

    private GraftException bad(int row, String what) {
        return ManifestTable.bad(file, row, what);
    }

    private static String hint(String wanted, Collection<String> known, String otherwise) {
        String hint = Nearest.hint(wanted, known);
        return hint.isEmpty() ? otherwise : hint;
    }

    private static String quoted(String text) {
        return "'" + shown(text) + "'";
    }

    private static String shown(@Nullable String text) {
        return ManifestTable.shown(text);
    }
}
