package dev.graft.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.JsonText;
import dev.graft.RegularFile;
import dev.graft.WholeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest's file says, before it is known to make sense. It may come from strangers: its size is bounded, and what
 * messages show of it is cut.
 *
 * @param header the names of the columns, in lower case
 * @param lines one a picture
 */
record ManifestTable(List<String> header, List<Line> lines) {
    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_FIELD = 4096;
    private static final int MAX_COLUMNS = 1000;
    private static final int SHOWN = 320;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** @param fields one a column; a list of JSON lines may end before columns that only come later */
    record Line(int number, List<String> fields) {
        String field(int column) {
            return column < fields.size() ? fields.get(column) : "";
        }
    }

    static ManifestTable read(Path file, ManifestFormat format) {
        if (!Files.isDirectory(file)) {
            RegularFile.require(file, "give a CSV file");
        }
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
                throw new GraftException(file + ": larger than " + (MAX_BYTES >> 20) + " MB; part it into several");
            }
            try (BufferedReader text = Files.newBufferedReader(file)) {
                return isJson(file) ? jsonLines(file, afterMark(text)) : csv(file, format, afterMark(text));
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            throw unreadable(file, Objects.requireNonNull(e.getCause()));
        }
    }

    private static boolean isJson(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".ndjson");
    }

    /** Spreadsheets write a byte order mark before the header. */
    private static BufferedReader afterMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private static GraftException unreadable(Path file, IOException e) {
        String kind = isJson(file) ? "JSON lines" : "CSV";
        if (e instanceof CharacterCodingException) {
            return new GraftException(file + ": is not UTF-8 text; save it as " + kind + " in UTF-8", e);
        }
        String what = Files.isDirectory(file) ? "is a folder" : WholeFile.reason(e);
        if (Files.notExists(file)) {
            what = "no such file";
        }
        return new GraftException(
                file + ": cannot be read as " + kind + ": " + shown(what) + "; fix it or give another", e);
    }

    private static ManifestTable csv(Path file, ManifestFormat format, BufferedReader text) throws IOException {
        CSVFormat csv = CSVFormat.RFC4180
                .builder()
                .setDelimiter(format.delimiter())
                .setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(true)
                .get();
        List<String> header = List.of();
        List<Line> lines = new ArrayList<>();
        try (CSVParser parser = csv.parse(text)) {
            for (CSVRecord record : parser) {
                if (header.isEmpty()) {
                    header = header(file, record.toList());
                } else if (record.size() > 1 || !record.get(0).isBlank()) {
                    lines.add(line(file, header, record));
                }
            }
        }
        if (header.isEmpty()) {
            throw new GraftException(file + ": empty; expected a header " + format.path() + format.delimiter()
                    + format.label() + " and a row for each picture");
        }
        return new ManifestTable(header, lines);
    }

    private static List<String> header(Path file, List<String> names) {
        if (names.size() > MAX_COLUMNS) {
            throw bad(
                    file, 1, names.size() + " columns, expected at most " + MAX_COLUMNS + "; is this the right file?");
        }
        return names.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    }

    private static Line line(Path file, List<String> header, CSVRecord record) {
        int number = Math.toIntExact(record.getRecordNumber());
        if (record.size() != header.size()) {
            throw bad(
                    file,
                    number,
                    record.size() + " fields, the header has " + header.size()
                            + "; put fields that contain the delimiter into quotes");
        }
        record.forEach(field -> requireShort(file, number, field, "; is a quote not closed?"));
        return new Line(number, record.toList());
    }

    private static void requireShort(Path file, int number, String field, String remedy) {
        if (field.length() > MAX_FIELD) {
            throw bad(
                    file, number, "a field of " + field.length() + " letters, expected at most " + MAX_FIELD + remedy);
        }
    }

    /** An object a line; its keys are columns, in the order in which they first come. */
    private static ManifestTable jsonLines(Path file, BufferedReader text) throws IOException {
        Map<String, Integer> columns = new LinkedHashMap<>();
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String json = text.readLine(); json != null; json = text.readLine()) {
            number++;
            if (!json.isBlank()) {
                lines.add(new Line(number, fields(file, number, json, columns)));
            }
        }
        if (lines.isEmpty()) {
            throw new GraftException(
                    file + ": empty; expected an object for each picture, such as {\"path\": \"a.jpg\","
                            + " \"label\": \"cat\"}");
        }
        return new ManifestTable(header(file, List.copyOf(columns.keySet())), lines);
    }

    private static List<String> fields(Path file, int number, String json, Map<String, Integer> columns) {
        JsonNode object;
        try {
            object = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw bad(file, number, JsonText.fault(e) + "; write one object a line");
        }
        if (!object.isObject() || object.size() > MAX_COLUMNS) {
            throw bad(file, number, "expected an object {...} of at most " + MAX_COLUMNS + " fields; write one a line");
        }
        List<String> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String field = entry.getValue().isNull() ? "" : entry.getValue().asText();
            requireShort(file, number, field, "; is this the right file?");
            int column = columns.computeIfAbsent(entry.getKey(), name -> columns.size());
            while (fields.size() <= column) {
                fields.add("");
            }
            fields.set(column, field);
        }
        if (columns.size() > MAX_COLUMNS) {
            throw bad(file, number, "more than " + MAX_COLUMNS + " fields so far; is this the right file?");
        }
        return fields;
    }

    static GraftException bad(Path file, int row, String what) {
        return new GraftException(file + " row " + row + ": " + what);
    }

    /** Cut, and on one line. */
    static String shown(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
