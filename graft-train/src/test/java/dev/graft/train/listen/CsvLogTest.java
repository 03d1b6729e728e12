package dev.graft.train.listen;

import static dev.graft.train.listen.Told.metrics;
import static dev.graft.train.listen.Told.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file after each epoch, to the byte. */
class CsvLogTest {
    @TempDir
    private Path folder;

    @Test
    void aRowAnEpochOverThePhasesOfARun() throws IOException {
        Path file = folder.resolve("log.csv");
        Files.writeString(file, "of a run before this one\n".repeat(100));
        try (CsvLog log = CsvLog.to(file)) {
            assertThat(file).isEmptyFile();
            log.accept(Told.phase("head", 2));
            assertThat(file).isEmptyFile();
            log.accept(Told.epoch(1, metrics(0.5, 0.75), metrics(0.625, 0.6), 1.23456, true));
            assertThat(file).hasContent("""
                    phase,epoch,learning_rate,accuracy,loss,val_accuracy,val_loss,seconds
                    head,1,0.001,0.5,0.75,0.625,0.6,1.235
                    """);
            log.accept(Told.epoch(2, metrics(1, Double.NaN), metrics(0.25, 1e-7), 0.5, false));
            log.accept(Told.end("head", 2, 1, false, metrics(0, 0)));
            log.accept(Told.phase("fine-tune", 1));
            log.accept(Told.epoch(1, metrics(0, 100), metrics(0, 1), 60, false));
            assertThat(Files.readString(file)).isEqualTo("""
                    phase,epoch,learning_rate,accuracy,loss,val_accuracy,val_loss,seconds
                    head,1,0.001,0.5,0.75,0.625,0.6,1.235
                    head,2,0.001,1.0,NaN,0.25,1.0E-7,0.500
                    fine-tune,1,0.001,0.0,100.0,0.0,1.0,60.000
                    """);
        }
    }

    @Test
    void namesThatWouldBreakARowAreQuoted() throws IOException {
        Path file = folder.resolve("log.csv");
        try (CsvLog log = CsvLog.to(file)) {
            log.accept(Told.phase("the \"last\" one", 1));
            log.accept(Told.epoch(1, named(2, "f1, macro", "größe"), metrics(0.5, 1), 1, true));
        }
        assertThat(Files.readString(file)).isEqualTo("""
                phase,epoch,learning_rate,"f1, macro",größe,loss,val_accuracy,val_loss,seconds
                "the ""last"" one",1,0.001,0.5,1.5,2.0,0.5,1.0,1.000
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ud83d\ude00",
                "a,b;c\td",
                "quote\"",
                "\"",
                "new\nline\r\n",
                " spaces ",
                "=1+1",
                "@at",
                "'",
                "\u202eleft",
                "\u2028",
                "\\",
                "null",
                ""
            })
    void whateverThePhaseIsCalledItComesBack(String name) throws IOException {
        Path file = folder.resolve("log.csv");
        try (CsvLog log = CsvLog.to(file)) {
            log.accept(Told.phase(name, 1));
            log.accept(Told.epoch(1, named(1, name + "x"), named(2), 1, true));
        }
        CSVFormat withHead = CSVFormat.RFC4180.builder().setHeader().get();
        try (var rows = withHead.parse(Files.newBufferedReader(file))) {
            var row = rows.iterator().next();
            assertThat(row.get("phase")).isEqualTo(name);
            assertThat(rows.getHeaderNames()).contains(name + "x");
            assertThat(row.get("seconds")).isEqualTo("1.000");
        }
    }

    /** Each phase is compiled by itself, so its metrics may be others. */
    @Test
    void metricsThatComeLaterGetColumnsAndEarlierRowsStay() throws IOException {
        Path file = folder.resolve("log.csv");
        try (CsvLog log = CsvLog.to(file)) {
            log.accept(Told.phase("head", 1));
            log.accept(Told.epoch(1, named(1), named(2), 1, true));
            log.accept(Told.phase("fine-tune", 2));
            log.accept(Told.epoch(1, named(3, "auc"), named(4, "auc"), 1, true));
            log.accept(Told.epoch(2, named(5), named(6), 1, true));
        }
        assertThat(Files.readString(file)).isEqualTo("""
                phase,epoch,learning_rate,loss,val_loss,auc,val_auc,seconds
                head,1,0.001,1.0,2.0,,,1.000
                fine-tune,1,0.001,3.0,4.0,0.5,0.5,1.000
                fine-tune,2,0.001,5.0,6.0,,,1.000
                """);
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsRefusedAtOnce() throws IOException {
        Path missing = folder.resolve("none/log.csv");
        assertThatThrownBy(() -> CsvLog.to(missing))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        missing + ": there is no folder " + missing.getParent() + "; make it, or choose another place");
        assertThatThrownBy(() -> CsvLog.to(folder))
                .isInstanceOf(GraftException.class)
                .hasMessage(folder + ": is a folder; give the name of a file");
        Path below = Files.createFile(folder.resolve("file")).resolve("log.csv");
        assertThatThrownBy(() -> CsvLog.to(below))
                .isInstanceOf(GraftException.class)
                .hasMessage(below + ": " + folder.resolve("file") + " is a file, not a folder; choose another place");
        assertThat(folder).isDirectoryNotContaining("glob:**half");
    }

    @Test
    void afterClosingItSaysSo() {
        CsvLog log = CsvLog.to(folder.resolve("log.csv"));
        log.close();
        log.close();
        assertThatThrownBy(() -> log.accept(Told.epoch(1, named(1), named(2), 1, true)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("log.csv: cannot be written: it was closed");
    }
}
