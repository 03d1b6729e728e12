package dev.graft.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.data.ListedPicture;
import dev.graft.testing.Folders;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
    @TempDir
    private Path root;

    private Path file;

    @BeforeEach
    void pictures() {
        GeneratedPictures.folder(root.resolve("pics"), 2, 3);
        GeneratedPictures.write(root.resolve("pics/a, \"b\".png"), 1, 9);
        file = root.resolve("set.csv");
    }

    private Manifest read(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
        return Manifest.read(file);
    }

    private void refused(ManifestFormat format, String text, String... parts) throws IOException {
        Files.writeString(file, text);
        Refusals.refused(() -> Manifest.read(file, format), parts)
                .hasMessageStartingWith(file.toString())
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).length()).isLessThan(1000));
    }

    @Test
    void pathsAndLabels() throws IOException {
        Path absolute = root.resolve("pics/squares/picture0.png").toAbsolutePath();
        Manifest manifest = read(
                "label,path,photographer",
                "square," + absolute + ",Ann",
                "disc,  pics/discs/picture1.png ,",
                "",
                "square,\"pics/a, \"\"b\"\".png\",\"Bo\nB\"",
                "disc,pics/../pics/discs/picture0.png,Ann");
        assertThat(manifest.classes()).containsExactly("disc", "square");
        assertThat(manifest.rows())
                .containsExactly(
                        new ListedPicture(2, absolute, 1, null, 1, null),
                        new ListedPicture(3, root.resolve("pics/discs/picture1.png"), 0, null, 1, null),
                        new ListedPicture(5, root.resolve("pics/a, \"b\".png"), 1, null, 1, null),
                        new ListedPicture(6, root.resolve("pics/../pics/discs/picture0.png"), 0, null, 1, null));
    }

    @Test
    void partsAndWeightsReachTheDataset() throws IOException {
        Manifest manifest = read(
                "path,label,split,weight",
                "pics/squares/picture0.png,square,train,2",
                "pics/discs/picture0.png,disc,test,1e0",
                "pics/discs/picture1.png,disc,train,0.25");
        assertThat(manifest.parts()).containsExactly("train", "test");
        Dataset train = Dataset.ofManifest(manifest.part("train"), InputGeometry.stretch(8));
        assertThat(train.classes()).containsExactly("disc", "square");
        assertThat(train.size()).isEqualTo(2);
        assertThat(train.get(0).weight()).isEqualTo(2);
        assertThat(train.get(0).label()).isEqualTo(1);
        assertThat(train.get(1).weight()).isEqualTo(0.25f);
        assertThat(train.get(1).input().shape().sizes()).containsExactly(3, 8, 8);
        assertThat(Dataset.ofManifest(manifest.part("test"), InputGeometry.stretch(8))
                        .size())
                .isEqualTo(1);
        assertThatThrownBy(() -> manifest.part("tran"))
                .isInstanceOf(GraftException.class)
                .hasMessageContainingAll("'tran'", "[train, test]", "did you mean 'train'?");
    }

    @Test
    void otherColumnsDelimitersAndClasses() throws IOException {
        Files.writeString(
                file,
                String.join(
                        "\r\n",
                        "\uFEFFImage;Species;Fold;Count",
                        "pics/discs/picture0.png;owl;a;3",
                        "pics/discs/picture1.png;hawk;b;1"));
        ManifestFormat format = ManifestFormat.standard()
                .path("image")
                .label("species")
                .split("fold")
                .weight("count")
                .delimiter(';')
                .classes("owl", "kite", "hawk");
        Manifest manifest = Manifest.read(file, format);
        assertThat(manifest.classes()).containsExactly("owl", "kite", "hawk");
        assertThat(manifest.rows().get(1).label()).isEqualTo(2);
        assertThat(manifest.rows().get(0).weight()).isEqualTo(3);
        assertThat(manifest.parts()).containsExactly("a", "b");
    }

    @Test
    void labelsThatAreNumbersAreSortedAsNumbers() throws IOException {
        Manifest manifest = read(
                "path,label", "pics/discs/picture0.png,10", "pics/discs/picture1.png,9", "pics/discs/picture2.png,100");
        assertThat(manifest.classes()).containsExactly("9", "10", "100");
        assertThat(read("path,label", "pics/discs/picture0.png,10", "pics/discs/picture1.png,9a")
                        .classes())
                .containsExactly("10", "9a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "path,lable~a.png,a | row 1: no column 'label', there are path, lable; did you mean 'lable'?",
                "file,label~pics/discs/picture0.png,a | row 1: no column 'path'",
                "path;label~pics/discs/picture0.png;a | row 1: no column 'path'; fields seem to be parted by ';'",
                "path,label,path~a,b,c | row 1: column 'path' is there twice",
                "path,label~pics/discs/picture0.png,a~pics/gone.png,b | row 3: no such file",
                "path,label~pics/discs,a~ | row 2: a folder, not a file",
                "path,label~pics/discs/picture0.png | row 2: 1 fields, the header has 2",
                "path,label~pics/discs/picture0.png,a,b | row 2: 3 fields, the header has 2",
                "path,label~pics/discs/picture0.png, | row 2: no label",
                "path,label~~~,cat | row 4: no path",
                "path,label~pics/discs/picture0.png,a~pics/./discs/picture0.png,b | row 3: ",
                "path,label~pics/discs/picture0.png,a~pics/discs/picture0.png,b | is already in row 2",
                "path,label,weight~pics/discs/picture0.png,a,heavy | row 2: weight 'heavy' is no number",
                "path,label,weight~pics/discs/picture0.png,a,-1 | row 2: weight '-1'",
                "path,label,weight~pics/discs/picture0.png,a,NaN | row 2: weight 'NaN'",
                "path,label,split~pics/discs/picture0.png,a, | row 2: no split",
                "path,label~\"pics/discs/picture0.png,a | cannot be read as CSV",
                "path,label~\"pics\"x,a | cannot be read as CSV",
                "path,label~ | has no pictures",
                "`` | : empty; expected a header path,label",
            })
    void badFilesNameTheRow(String text, String message) throws IOException {
        refused(ManifestFormat.standard(), text.replace('~', '\n'), message);
    }

    @Test
    void badChoices() throws IOException {
        String good = "path,label\npics/discs/picture0.png,discs\n";
        refused(
                ManifestFormat.standard().classes("disc", "square"),
                good,
                "row 2: label 'discs' is not among the 2 classes",
                "did you mean 'disc'?");
        refused(ManifestFormat.standard().split("part"), good, "row 1: no column 'part'");
        refused(ManifestFormat.standard().weight("importance"), good, "row 1: no column 'importance'");
        assertThatThrownBy(() -> ManifestFormat.standard().classes("a", "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void missingFilesAreCounted() throws IOException {
        refused(
                ManifestFormat.standard(),
                "path,label\npics/discs/picture0.png,a\nx.png,a\ny.png,a\nz.png,a\n",
                "row 3: no such file",
                "x.png'",
                "nor those of 2 more rows",
                "relative to the folder of the list");
    }

    @Test
    void hostileFiles() throws IOException {
        ManifestFormat usual = ManifestFormat.standard();
        refused(usual, "path,label\n\"" + "x".repeat(100_000) + "\",a\n", "row 2: a field of 100000 letters");
        refused(usual, "path,label\n\"a\nb\u0007\",a\n", "row 2: no such file", "a?b?'");
        refused(usual, "a,".repeat(5000) + "\n", "row 1: 5001 columns");
        refused(usual, "path,label\na\0b.png,x\n", "row 2: 'a?b.png' is no path");
        refused(usual, "y".repeat(50_000) + ",label\n", "row 1: no column 'path'");
        Files.write(file, "path,label\np\u00e4.png,a\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Manifest.read(file))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("is not UTF-8 text");
        for (Path none : List.of(root.resolve("none.csv"), root)) {
            Refusals.refused(() -> Manifest.read(none), "cannot be read as CSV")
                    .hasMessageStartingWith(none + ": cannot be read as CSV: ");
        }
    }

    @Test
    void bothUnicodeFormsAreOneName() throws IOException {
        assumeTrue(Folders.canName("caf\u00E9"), "SKIPPED: this locale has no such letters");
        GeneratedPictures.write(root.resolve("pics/caf\u00E9.png"), 0, 8);
        Manifest manifest = read(
                "path,label",
                "pics/cafe\u0301.png,caf\u00E9",
                "pics/discs/picture0.png,cafe\u0301",
                "pics/discs/picture1.png,bar");
        assertThat(manifest.classes()).hasSize(2);
        assertThat(manifest.rows()).extracting(ListedPicture::label).containsExactly(1, 1, 0);
        assertThat(manifest.rows().get(0).path()).exists();
        assertThatThrownBy(() -> ManifestFormat.standard().classes("caf\u00E9", "cafe\u0301"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void whatIsNoFileIsNamedAndNotOpened() throws IOException {
        Path device = Path.of("/dev/zero");
        assumeTrue(Files.exists(device), "SKIPPED: there is no /dev/zero");
        Refusals.refused(() -> Manifest.read(device), "/dev/zero: is a device, not a file; give a CSV file");
        refused(ManifestFormat.standard(), "path,label\n/dev/zero,a\n", "row 2: a device, not a file '/dev/zero'");
    }
}
