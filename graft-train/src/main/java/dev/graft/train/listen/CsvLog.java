package dev.graft.train.listen;

import dev.graft.GraftException;
import dev.graft.WholeFile;
import dev.graft.train.TrainingEvent;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One row an epoch in a CSV file (RFC 4180, UTF-8): phase, epoch from 1, learning rate where it is known, the metrics of
 * training, those of validation with {@code val_} before their names, seconds. The phases of a run follow each other.
 * After each epoch the file is complete, whatever becomes of the process.
 */
public final class CsvLog implements Consumer<TrainingEvent>, AutoCloseable {
    private static final String LAST = "seconds";

    private final Path file;
    private final FileChannel channel;
    private final Set<String> columns = new LinkedHashSet<>();
    private final List<Map<String, String>> rows = new ArrayList<>();
    private String phase = "";

    private CsvLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Begins a file; one that is there is replaced.
     *
     * @throws GraftException if its folder is missing or must not be written to
     */
    public static CsvLog to(Path file) {
        WholeFile.at(file).check();
        try {
            return new CsvLog(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING));
        } catch (IOException e) {
            throw WholeFile.at(file).failure(e);
        }
    }

    @Override
    public void accept(TrainingEvent event) {
        if (event instanceof PhaseStarted started) {
            phase = started.phase().name();
        } else if (event instanceof EpochDone done) {
            add(EpochValues.of(phase, done));
        }
    }

    void add(EpochValues values) {
        Map<String, String> row = row(values);
        rows.add(row);
        try {
            if (columns.containsAll(row.keySet())) {
                write(line(row), channel.size());
            } else {
                // A later phase may have other metrics. The text grows, so writing over the old one leaves no rest.
                addColumns(row.keySet());
                String header = columns.stream().map(CsvLog::cell).collect(Collectors.joining(",", "", "\n"));
                write(header + rows.stream().map(this::line).collect(Collectors.joining()), 0);
            }
        } catch (IOException e) {
            throw WholeFile.at(file).failure(e);
        }
    }

    private static Map<String, String> row(EpochValues values) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("phase", values.phase());
        row.put("epoch", Integer.toString(values.epoch()));
        row.put("learning_rate", Double.toString(values.learningRate()));
        values.all().forEach((name, value) -> row.put(name, Double.toString(value)));
        row.put(LAST, String.format(Locale.ROOT, "%.3f", values.seconds()));
        return row;
    }

    private void addColumns(Set<String> names) {
        columns.addAll(names);
        columns.remove(LAST);
        columns.add(LAST);
    }

    private String line(Map<String, String> row) {
        return columns.stream()
                .map(name -> cell(row.getOrDefault(name, "")))
                .collect(Collectors.joining(",", "", "\n"));
    }

    private static String cell(String text) {
        boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private void write(String text, long position) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        for (long at = position; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw WholeFile.at(file).failure(e);
        }
    }
}
