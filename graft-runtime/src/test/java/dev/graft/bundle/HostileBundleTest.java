package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.Refusals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody made to harm: each is refused in a line, before it costs memory or time. */
@Tag("slow")
@Timeout(60)
class HostileBundleTest {
    private static final String GRAPH = "graft.json";
    private static final String WEIGHTS = "weights.safetensors";
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;

    @TempDir
    Path folder;

    private Path file;
    private Map<String, byte[]> entries;

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("tiny.graft");
        TinyBundles.bundle(1).write(file);
        entries = new LinkedHashMap<>(TinyBundles.entries(file));
    }

    private void refused(String... saying) {
        Refusals.refused(() -> Bundle.read(file), saying).hasMessageStartingWith(file.toString());
    }

    private void write() throws IOException {
        TinyBundles.writeStored(file, entries);
    }

    private void json(String name, String text) throws IOException {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        write();
    }

    private String graph() {
        return new String(entries.get(GRAPH), StandardCharsets.UTF_8);
    }

    private void labels(String labels) throws IOException {
        String now = graph();
        String other = now.replace("\"labels\":[\"discs\",\"squares\"]", "\"labels\":" + labels);
        assertThat(other).isNotEqualTo(now);
        json(GRAPH, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../etc/cron.d/x", "/etc/passwd", "..\\x", "graft.json/", "sub/graft.json", "GRAFT.JSON"})
    void entriesThatNoBundleHas(String name) throws IOException {
        entries.put(name, name.endsWith("/") ? new byte[0] : new byte[3]);
        write();
        refused("not a valid .graft bundle: it holds '" + name + "', which no bundle has");
    }

    @Test
    void namesOfEntriesStayInOneLine() throws IOException {
        entries.put("a\nb" + "c".repeat(1000), new byte[3]);
        write();
        refused("it holds 'a?bccc", "ccc...'");
    }

    /** Which of the two is read would depend on who reads. */
    @ParameterizedTest
    @ValueSource(strings = {GRAPH, "provenance.json", WEIGHTS})
    void twoEntriesOfOneName(String name) throws IOException {
        String other = "X" + name.substring(1);
        entries.put(other, entries.get(name));
        write();
        replaceAll(other, name);
        refused("it has two of " + name);
    }

    private void replaceAll(String from, String to) throws IOException {
        // Of one length, and Latin-1 keeps every byte.
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 100_000, 0x7fff_fff0L, 0xffff_fff0L})
    void sizesThatAreNotTrue(long size) throws IOException {
        ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < zip.limit(); at++) {
            boolean central = zip.getInt(at) == CENTRAL;
            if (central || zip.getInt(at) == LOCAL) {
                zip.putInt(at + (central ? 20 : 18), (int) size);
                zip.putInt(at + (central ? 24 : 22), (int) size);
            }
        }
        Files.write(file, zip.array());
        refused("");
    }

    @Test
    void whatUnfoldsIsNotUnfolded() throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(GRAPH));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                zip.write(zeros);
            }
        }
        assertThat(Files.size(file)).isLessThan(1 << 20);
        refused("graft.json is compressed or too large");
    }

    @Test
    void aDescriptionLargerThanAnyIs() throws IOException {
        json(GRAPH, " ".repeat((64 << 20) + 1));
        refused("graft.json is compressed or too large");
    }

    @ParameterizedTest
    @ValueSource(strings = {GRAPH, "provenance.json"})
    void aDescriptionThatWouldFillTheMemory(String name) throws IOException {
        String before = name.equals(GRAPH) ? graph().substring(0, graph().length() - 1) : "{\"a\":1";
        json(name, before + ",\"more\":[" + "[],".repeat(4_000_000) + "[]]}");
        refused(name + " is nested too deeply, or holds more than it may");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[", "{\"\":{\"\":"})
    void deepNesting(String one) throws IOException {
        json("provenance.json", one.repeat(1_000_000));
        refused("provenance.json is nested too deeply, or holds more than it may");
    }

    @ParameterizedTest
    @ValueSource(strings = {GRAPH, "provenance.json"})
    void aDescriptionThatBreaksOff(String name) throws IOException {
        String whole = name.equals(GRAPH) ? graph() : "{\"a\":1}";
        int half = whole.length() / 2;
        json(name, whole.substring(0, half));
        refused(name + " breaks off after " + String.format(Locale.ROOT, "%,d", half)
                + " characters; train it again or");
    }

    @Test
    void aDescriptionThatIsNoText() throws IOException {
        entries.put(GRAPH, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        write();
        refused("graft.json is no text in UTF-8");
        json(GRAPH, "");
        refused("");
        json(GRAPH, "null");
        refused("it says no format");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"discs\",\"discs\"] | two of its labels are 'discs'",
                "[\"discs\",\"\"] | its label 2 is no text",
                "[\"discs\",null] | its label 2 is no text",
                "[1,2] | its label 1 is no text",
                "[[\"discs\"],{}] | its label 1 is no text",
                "\"discs\" | for 0 labels",
                "{\"a\":\"discs\",\"b\":\"squares\"} | no list of labels",
                "[] | for 0 labels",
                "[\"discs\"] | for 1 labels",
                "[\"discs\",\"squares\",\"stripes\"] | for 3 labels",
            })
    void labelsThatCannotBe(String labels, String saying) throws IOException {
        labels(labels);
        refused(saying);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | in format 3, this is",
                "99999999999999999999 | in format 99999999999999999999, this is",
                "-1 | it says no format",
                "2.5 | it says no format",
                "\"2\" | it says no format",
                "null | it says no format",
                "[2] | it says no format",
            })
    void formats(String format, String saying) throws IOException {
        json(GRAPH, graph().replace("\"format\":2", "\"format\":" + format));
        refused(saying);
    }

    /** What a later Graft adds is no reason to call its file damaged. */
    @Test
    void aFileOfTheFutureIsToldAsSuchWhateverIsInIt() throws IOException {
        entries.put("what-is-new.bin", new byte[5]);
        json(GRAPH, "{\"format\":7,\"graft\":\"9.1\\n\",\"labels\":{\"other\":true}}");
        refused("made by Graft 9.1? in format 7", "use a newer Graft");
    }

    @Test
    void messagesFromTheFileStayInOneLine() throws IOException {
        json(GRAPH, graph().replace("\"Conv2D\"", "\"Conv\\n\\u001b[31m" + "x".repeat(5000) + "\""));
        refused("not a valid .graft bundle", "Conv??[31mxxx", "...; train it again");
    }

    @Test
    void namesThatAreHardToWriteComeBack() {
        List<String> labels = List.of("\ud83d\ude00 \ud835\udd6c", "half \ud83d of a letter \ude00");
        Bundle bundle = TinyBundles.bundle(1);
        bundle.provenance()
                .putObject("training_per_class")
                .put(labels.get(0), 3)
                .put(labels.get(1), 4);
        new Bundle(
                        labels,
                        bundle.geometry(),
                        bundle.network(),
                        bundle.testLogits(),
                        bundle.confidence(),
                        bundle.provenance())
                .write(file);
        Bundle read = Bundle.read(file);
        assertThat(read.labels()).isEqualTo(labels);
        assertThat(read.provenance()).isEqualTo(bundle.provenance());
    }

    /** As files say that Graft wrote before: in keys too. */
    @Test
    void escapesInKeysAreRead() throws IOException {
        json("provenance.json", "{\"\\ud83d\\ude00\":1}");
        assertThat(Bundle.read(file).provenance().path("\ud83d\ude00").asInt()).isEqualTo(1);
    }

    @Test
    void whatNoReaderWouldTakeIsNotWritten() throws IOException {
        byte[] before = Files.readAllBytes(file);
        Bundle bundle = TinyBundles.bundle(2);
        Bundle twice = new Bundle(
                List.of("discs", "discs"),
                bundle.geometry(),
                bundle.network(),
                bundle.testLogits(),
                bundle.confidence(),
                bundle.provenance());
        Refusals.refused(
                () -> twice.write(file),
                "what was written cannot be read back, so there is no file: " + file,
                "two of its labels are 'discs'");
        assertThat(file).hasBinaryContent(before);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }
}
