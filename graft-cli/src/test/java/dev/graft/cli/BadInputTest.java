package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.TransferNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One clear line that names the path and the remedy, exit code 1, nothing half-written. */
class BadInputTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Path pictures;

    @SuppressWarnings("NullAway.Init")
    private Path outputs;

    @BeforeEach
    void prepare() throws IOException {
        pictures = Files.createDirectory(temporary.resolve("pictures"));
        outputs = Files.createDirectory(temporary.resolve("outputs"));
    }

    private Cli train(Object... more) {
        Stream<Object> first = Stream.of(
                "train", pictures, "--fine-tune-epochs", 0, "--epochs", 1, "--cache", temporary.resolve("cache"));
        return Cli.run(Stream.concat(first, Arrays.stream(more)).toArray());
    }

    private Cli train() {
        return train("--out", outputs.resolve("model.graft"), "--json", outputs.resolve("train.json"));
    }

    private void refuses(Cli result, Object... parts) throws IOException {
        assertThat(result.code()).isEqualTo(1);
        List<String> lines = result.err().lines().toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("graft: ");
        for (Object part : parts) {
            assertThat(lines.get(0)).contains(part.toString());
        }
        try (Stream<Path> left = Files.list(outputs)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void noFolder() throws IOException {
        Files.delete(pictures);
        refuses(train(), pictures, "no such folder; give a folder");
    }

    @Test
    void aFileInsteadOfAFolder() throws IOException {
        Files.delete(pictures);
        Files.writeString(pictures, "");
        refuses(train(), pictures, "is a file; give a folder");
    }

    @Test
    void emptyFolder() throws IOException {
        refuses(train(), pictures, "empty, expected one subfolder of pictures a class");
    }

    @Test
    void oneClassOnly() throws IOException {
        Drawings.folder(pictures, 4, 0);
        refuses(train(), pictures, "only one class, 'discs'; put");
    }

    @Test
    void aClassWithOnePicture() throws IOException {
        Drawings.folder(pictures, 4, 1);
        refuses(train(), pictures.resolve("stripes"), "only one picture", "add more, or move the folder elsewhere");
    }

    @Test
    void tooManyUnreadablePicturesAskForAnOption() throws IOException {
        Drawings.folder(pictures, 8);
        Files.writeString(pictures.resolve("discs/a.jpg"), "");
        Files.writeString(pictures.resolve("discs/b.jpg"), "text");
        refuses(train(), pictures, "2 of 18 pictures cannot be read", "a.jpg", "--skip-unreadable");
        Cli going = train("--skip-unreadable", "--out", outputs.resolve("model.graft"));
        assertThat(going.code()).isZero();
        assertThat(going.out()).contains("2 pictures could not be read and were left out");
        assertThat(outputs.resolve("model.graft")).exists();
    }

    @Test
    void placesThatCannotBeWrittenAreRefusedBeforeTraining() throws IOException {
        Drawings.folder(pictures, 4);
        Path missing = temporary.resolve("nowhere/model.graft");
        refuses(train("--out", missing), missing, "there is no folder", "--out");
        refuses(train("--out", outputs), outputs, "is a folder", "--out");
        Path below = pictures.resolve("discs/disc-0.png/model.graft");
        refuses(train("--out", below), below, "is a file", "--out");
        Path json = temporary.resolve("nowhere/train.json");
        refuses(train("--out", outputs.resolve("m.graft"), "--json", json), json, "there is no folder", "--json");
    }

    @Test
    void aFileThatIsNoModelIsNotOverwritten() throws IOException {
        Drawings.folder(pictures, 4);
        Path thesis = Files.writeString(temporary.resolve("thesis.doc"), "years of work");
        refuses(train("--out", thesis), thesis, "is not a Graft model", "--out");
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void aFileThatCannotBeReadIsNotOverwritten() throws IOException {
        Path closed = Files.writeString(temporary.resolve("closed"), "{}");
        assumeFalse(
                !closed.toFile().setReadable(false) || Files.isReadable(closed),
                "SKIPPED: this user may read anything, so a refused permission cannot be tested");
        refuses(Cli.run("models", "--json", closed), closed, "what would be lost: no permission", "--json");
    }

    @Test
    void noPermissionToWrite() throws IOException {
        Drawings.folder(pictures, 4);
        assumeFalse(
                !outputs.toFile().setWritable(false) || Files.isWritable(outputs),
                "SKIPPED: this user may write anywhere, so a refused permission cannot be tested");
        refuses(train(), outputs, "cannot be written: no permission", "--out");
    }

    @Test
    void models() throws IOException {
        Path missing = temporary.resolve("missing.graft");
        Path foreign = Files.writeString(temporary.resolve("foreign.graft"), "not a model");
        Path empty = Files.writeString(temporary.resolve("empty.graft"), "");
        Path truncated = temporary.resolve("truncated.graft");
        byte[] whole = model();
        Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
        Path newer = temporary.resolve("newer.graft");
        byte[] manifest = "{\"format\": 99}".getBytes(StandardCharsets.UTF_8);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(newer))) {
            zip.putNextEntry(stored("graft.json", manifest));
            zip.write(manifest);
        }
        Drawings.folder(pictures, 2);
        Path picture = pictures.resolve("discs/disc-0.png");
        for (Path model : List.of(missing, foreign, empty, truncated, newer)) {
            refuses(Cli.run("predict", model, picture, "--json", outputs.resolve("p.json")), model);
            refuses(Cli.run("evaluate", model, pictures, "--json", outputs.resolve("e.json")), model);
            refuses(Cli.run("summary", model), model);
        }
        assertThat(Cli.run("summary", newer).err()).contains("use a newer Graft");
    }

    private static ZipEntry stored(String name, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        return entry;
    }

    private byte[] model() throws IOException {
        Path file = temporary.resolve("whole.graft");
        TransferNetwork network = TransferNetwork.of(new BackboneSource.OfZoo("mobilenet_v3_small"), 64, 2, 0);
        Bundle.of(
                        List.of("discs", "stripes"),
                        network.geometry(),
                        network.network(),
                        JsonNodeFactory.instance.objectNode())
                .write(file);
        return Files.readAllBytes(file);
    }

    @Test
    void evaluationAgainstOtherFolders() throws IOException {
        Path model = temporary.resolve("whole.graft");
        Files.write(model, model());
        refuses(Cli.run("evaluate", model, pictures), pictures, "empty");
        Drawings.folder(pictures, 2);
        Drawings.folder(pictures.resolve("squares"), 1);
        refuses(
                Cli.run("evaluate", model, pictures),
                pictures,
                "class 'squares' (2 pictures) is not among the classes");
        Path split = temporary.resolve("split");
        Drawings.folder(split.resolve("train"), 2);
        Drawings.folder(split.resolve("test"), 2);
        refuses(Cli.run("evaluate", model, split), split, "lie further below; give one of " + split.resolve("test"));
    }

    @Test
    void predictionOfAFolderWithoutPictures() throws IOException {
        Path model = temporary.resolve("whole.graft");
        Files.write(model, model());
        refuses(Cli.run("predict", model, outputs), outputs, "no pictures in this folder");
    }
}
