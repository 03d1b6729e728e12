package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GeneratedPictures;
import dev.graft.data.InputGeometry;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.Splits;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests of JSON lines, their groups, and what a run is given of a manifest. */
class ManifestPicturesTest {
    @TempDir
    private Path root;

    @BeforeEach
    void pictures() {
        GeneratedPictures.folder(root.resolve("pics"), 2, 4);
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(root.resolve(name), String.join("\n", lines) + "\n");
    }

    @Test
    void jsonLinesSayWhatCsvSays() throws IOException {
        Manifest csv = Manifest.read(write(
                "set.csv",
                "path,label,split,weight,group",
                "pics/discs/picture0.png,disc,train,2,p1",
                "pics/squares/picture0.png,square,val,1,"));
        Manifest json = Manifest.read(write(
                "set.jsonl",
                "{\"path\": \"pics/discs/picture0.png\", \"split\": \"train\", \"weight\": 2, \"label\": \"disc\","
                        + " \"group\": \"p1\", \"note\": [1, {}]}",
                "{\"label\": \"square\", \"path\": \"pics/squares/picture0.png\", \"weight\": 1, \"split\": \"val\"}"));
        assertThat(json.classes()).isEqualTo(csv.classes());
        assertThat(json.rows().get(0).group()).isEqualTo("p1");
        assertThat(json.rows().get(1).group()).isNull();
        assertThat(json.rows())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("number")
                .isEqualTo(csv.rows());
        assertThat(json.rows()).extracting(row -> row.number()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | empty; expected an object for each picture",
                "{'path': 'pics/discs/picture0.png'} | row 1: no column 'label', there are path",
                "{'path': 'pics/discs/picture0.png', 'label': 'a'}~{'path': 'x'} | row 2: no label; fill it in",
                "{'path': 'pics/discs/picture0.png', 'label': null} | row 1: no label; fill it in",
                "{'path': {}, 'label': 'a'} | row 1: no path; fill it in",
                "[1] | row 1: expected an object {...}",
                "{'path': 'pics/discs/picture0.png', 'label': 'a', 'weight': -1} | row 1: weight '-1' is no number",
                "{'path': 'a', 'path': 'b', 'label': 'c'} | row 1: is no JSON",
                "{'path': 'a' | row 1: breaks off",
                "{} {} | row 1: is no JSON"
            })
    void jsonLinesThatDoNotFit(String text, String says) throws IOException {
        Path file = write("bad.jsonl", text.replace('~', '\n').replace('\'', '"'));
        Refusals.refused(() -> Manifest.read(file), file.toString(), says);
    }

    @ParameterizedTest
    @CsvSource({"0,0,disc", "1,0,square"})
    void aClassThatCountsNothingIsRefused(int discs, int squares, String named) throws IOException {
        Manifest manifest = Manifest.read(write(
                "weights.csv",
                "path,label,weight",
                "pics/discs/picture0.png,disc," + discs,
                "pics/discs/picture1.png,disc," + discs,
                "pics/squares/picture0.png,square," + squares,
                "pics/squares/picture1.png,square," + squares));
        Refusals.refused(
                () -> manifest.labelledPictures(false),
                "weights.csv: class '" + named + "': all its pictures to learn from have weight 0");
    }

    @Test
    void hostileJsonLines() throws IOException {
        Path nested = write("nested.jsonl", "{\"path\": " + "[".repeat(5000));
        Refusals.refused(() -> Manifest.read(nested), "row 1: is nested too deeply");
        Path long1 = write("long.jsonl", "{\"path\": \"" + "x".repeat(100_000) + "\"}");
        Refusals.refused(() -> Manifest.read(long1), "row 1: a field of 100000 letters");
        StringBuilder wide = new StringBuilder("{\"a\": 1");
        for (int i = 0; i < 1000; i++) {
            wide.append(", \"b").append(i).append("\": 1");
        }
        Path many = write("wide.jsonl", wide + "}");
        Refusals.refused(() -> Manifest.read(many), "row 1: expected an object {...} of at most 1000 fields");
    }

    private LabelledPictures labelled(boolean validated, String... lines) throws IOException {
        return Manifest.read(write("set.csv", lines)).labelledPictures(validated);
    }

    @Test
    void partsWeightsAndGroupsReachTheRun() throws IOException {
        Files.writeString(root.resolve("notes.txt"), "no picture");
        LabelledPictures given = labelled(
                false,
                "path,label,split,weight,group",
                "pics/squares/picture1.png,square,Training,1,p1",
                "pics/squares/picture0.png,square,train,2.5,p1",
                "pics/squares/picture2.png,square,train,1,",
                "pics/discs/picture0.png,disc,train,1,p2",
                "notes.txt,disc,train,1,p2",
                "pics/discs/picture2.png,disc,train,1,p1",
                "pics/discs/picture1.png,disc,valid,1,",
                "pics/squares/picture3.png,square,valid,1,");
        assertThat(given.classes()).containsExactly("disc", "square");
        assertThat(given.train().pictures())
                .extracting(Picture::label)
                .as("sorted by class")
                .containsExactly(0, 0, 1, 1, 1);
        assertThat(given.validation()).isNotNull();
        assertThat(given.validation().countPerClass()).containsExactly(1, 1);
        assertThat(given.test()).isNull();
        Picture heavy = given.train().pictures().get(2);
        assertThat(heavy.path()).hasFileName("picture0.png");
        assertThat(given.weight(heavy)).isEqualTo(2.5f);
        assertThat(given.weight(given.train().pictures().get(0))).isEqualTo(1);
        Dataset weighted = Dataset.ofPictures(given.train(), given::weight, InputGeometry.stretch(8));
        assertThat(weighted.get(2).weight()).isEqualTo(2.5f);
        assertThat(weighted.get(3).weight()).isEqualTo(1);
        assertThat(given.groups().groups())
                .containsExactly(List.of(
                        root.resolve("pics/squares/picture1.png"),
                        root.resolve("pics/squares/picture0.png"),
                        root.resolve("pics/discs/picture2.png")));
        assertThat(given.names()).containsEntry(heavy.path(), "pics/squares/picture0.png");
        assertThat(given.ignored()).containsExactly(Map.entry("txt", 1));
        Splits parts = given.split(0.2, 0, 1);
        assertThat(parts.train()).isEqualTo(given.train());
        assertThat(parts.validation()).isEqualTo(given.validation());
    }

    @Test
    void whatIsNotGivenIsCutFromTheTrainingPictures() throws IOException {
        LabelledPictures given = labelled(
                false,
                "path,label",
                "pics/discs/picture0.png,a",
                "pics/discs/picture1.png,a",
                "pics/squares/picture0.png,b",
                "pics/squares/picture1.png,b");
        assertThat(given.split(0.2, 0, 1).validation().countPerClass()).containsExactly(1, 1);
    }

    @Test
    void theChecksAreThoseOfFolders() throws IOException {
        Files.writeString(root.resolve("notes.txt"), "no picture");
        String first = "pics/discs/picture0.png,a";
        String second = "pics/discs/picture1.png,b";
        Refusals.refused(
                () -> labelled(false, "path,label", first, "pics/discs/picture3.png,a", second),
                "class 'b': only one picture in this class, which cannot be both learnt from and validated on; add more,"
                        + " or take its rows out");
        assertThat(labelled(true, "path,label", first, second).train().size()).isEqualTo(2);
        Refusals.refused(
                () -> labelled(true, "path,label", first, "notes.txt,c"),
                "class 'c': no pictures in this class (1 .txt); add JPEG or PNG files, or take its rows out");
        Refusals.refused(
                () -> labelled(true, "path,label", first),
                "only one class, 'a'; list pictures of at least two classes");
        Refusals.refused(
                () -> labelled(true, "path,label,split", first + ",train", second + ",test"),
                "class 'b': no pictures in this class (none to learn from)");
        Refusals.refused(
                () -> labelled(
                        true,
                        "path,label,split",
                        first + ",train",
                        second + ",train",
                        "pics/squares/picture0.png,a,val"),
                "the validation part has no class 'b', which train has; add it");
        Refusals.refused(
                () -> labelled(true, "path,label,split", first + ",train", second + ",fold7"),
                "set.csv row 3: split 'fold7' is none of train, val and test");
    }
}
