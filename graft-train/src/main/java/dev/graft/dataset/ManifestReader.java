package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.RegularFile;
import dev.graft.Spelling;
import dev.graft.WholeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
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
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads manifests. They may come from strangers: their size is bounded, and what messages show of them is cut. */
final class ManifestReader {
    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_FIELD = 4096;
    private static final int MAX_COLUMNS = 1000;
    private static final int SHOWN = 320;
    private static final int ABSENT = -1;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String WHOLE_NUMBER = "\\d{1,9}";

    private final Path file;
    private final ManifestFormat format;
    private List<String> header = List.of();
    private int pathColumn;
    private int labelColumn;
    private int splitColumn;
    private int weightColumn;

    /** A row whose label is still a name. */
    private record Entry(Manifest.Row row, String label) {}

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
        List<Manifest.Row> rows = new ArrayList<>();
        for (Entry entry : entries) {
            Integer label = labels.get(Spelling.nfc(entry.label()));
            Manifest.Row row = entry.row();
            if (label == null) {
                throw bad(
                        row.number(),
                        "label " + quoted(entry.label()) + " is not among the " + classes.size() + " classes"
                                + hint(entry.label(), classes, "; correct it, or name all classes"));
            }
            rows.add(new Manifest.Row(row.number(), row.path(), label, row.part(), row.weight()));
        }
        return new Manifest(file, classes, rows);
    }

    private List<Entry> entries() {
        CSVFormat csv = CSVFormat.RFC4180
                .builder()
                .setDelimiter(format.delimiter())
                .setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(true)
                .get();
        if (!Files.isDirectory(file)) {
            RegularFile.require(file, "give a CSV file");
        }
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
                throw new GraftException(file + ": larger than " + (MAX_BYTES >> 20) + " MB; part it into several");
            }
            List<Entry> entries = new ArrayList<>();
            try (BufferedReader text = Files.newBufferedReader(file);
                    CSVParser parser = csv.parse(afterMark(text))) {
                for (CSVRecord record : parser) {
                    if (header.isEmpty()) {
                        readHeader(record);
                    } else if (record.size() > 1 || !record.get(0).isBlank()) {
                        entries.add(entry(record));
                    }
                }
            }
            if (header.isEmpty()) {
                throw new GraftException(file + ": empty; expected a header " + format.path() + format.delimiter()
                        + format.label() + " and a row for each picture");
            }
            return entries;
        } catch (IOException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()));
        }
    }

    /** Spreadsheets write a byte order mark before the header. */
    private static BufferedReader afterMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private GraftException unreadable(IOException e) {
        if (e instanceof CharacterCodingException) {
            return new GraftException(file + ": is not UTF-8 text; save it as CSV in UTF-8", e);
        }
        String what = Files.isDirectory(file) ? "is a folder" : WholeFile.reason(e);
        if (Files.notExists(file)) {
            what = "no such file";
        }
        return new GraftException(file + ": cannot be read as CSV: " + shown(what) + "; fix it or give another", e);
    }

    private void readHeader(CSVRecord record) {
        if (record.size() > MAX_COLUMNS) {
            throw bad(1, record.size() + " columns, expected at most " + MAX_COLUMNS + "; is this the right file?");
        }
        header = record.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        pathColumn = column(format.path(), null);
        labelColumn = column(format.label(), null);
        splitColumn = column(format.split(), ManifestFormat.USUAL_SPLIT);
        weightColumn = column(format.weight(), ManifestFormat.USUAL_WEIGHT);
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
                                + "', give that as the delimiter");
            }
        }
        throw bad(
                1,
                "no column '" + name + "', there are " + shown(String.join(", ", header))
                        + hint(name, header, "; name the column in the ManifestFormat"));
    }

    private Entry entry(CSVRecord record) {
        int number = Math.toIntExact(record.getRecordNumber());
        if (record.size() != header.size()) {
            throw bad(
                    number,
                    record.size() + " fields, the header has " + header.size()
                            + "; put fields that contain the delimiter into quotes");
        }
        for (String field : record) {
            if (field.length() > MAX_FIELD) {
                throw bad(
                        number,
                        "a field of " + field.length() + " letters, expected at most " + MAX_FIELD
                                + "; is a quote not closed?");
            }
        }
        String part = splitColumn == ABSENT ? null : filled(record, splitColumn, number);
        float weight = weightColumn == ABSENT ? 1 : weight(filled(record, weightColumn, number), number);
        Path path = path(filled(record, pathColumn, number), number);
        return new Entry(new Manifest.Row(number, path, 0, part, weight), filled(record, labelColumn, number));
    }

    private String filled(CSVRecord record, int column, int number) {
        String field = record.get(column);
        if (field.isBlank()) {
            throw bad(number, "no " + header.get(column) + "; fill it in or remove the row");
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
        List<Manifest.Row> missing = new ArrayList<>();
        for (Entry entry : entries) {
            Manifest.Row row = entry.row();
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
            Manifest.Row first = missing.get(0);
            String others = missing.size() == 1 ? "" : " (nor those of " + (missing.size() - 1) + " more rows)";
            throw bad(
                    first.number(),
                    RegularFile.obstacle(first.path()).orElse("no such file") + " "
                            + quoted(first.path().toString()) + others
                            + "; paths are relative to the manifest's folder");
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
        return new GraftException(file + " row " + row + ": " + what);
    }

    private static String hint(String wanted, Collection<String> known, String otherwise) {
        String hint = Nearest.hint(wanted, known);
        return hint.isEmpty() ? otherwise : hint;
    }

    private static String quoted(String text) {
        return "'" + shown(text) + "'";
    }

    /** Cut, and on one line. */
    private static String shown(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
