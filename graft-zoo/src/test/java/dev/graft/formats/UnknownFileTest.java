package dev.graft.formats;

import static dev.graft.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.weights.TinyFiles;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people give for weights and is none is named as what it is, with the remedy. */
class UnknownFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private void refuse(byte[] content, String... parts) throws IOException {
        Path file = Files.write(folder.resolve("weights.pth"), content);
        refused(() -> WeightFormats.read(file), parts).hasMessageStartingWith(file.toString());
    }

    /** In {@code |} stands the end of a line. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "  ",
            value = {
                "'<!DOCTYPE html>|<html>'  page of the web (HTML)",
                "'||<!-- x --><HTML><head>'  page of the web (HTML)",
                "'<?xml version=\"1.0\"?><Error><Code>AccessDenied'  XML, as a server sends it with an error",
                "'version https://git-lfs.github.com/spec/v1|oid sha256:0|size 9|'  'git lfs pull'",
                "'{\"error\": \"Not found\"}'  JSON, which has no weights",
                "'{\"metadata\": {}, \"weight_map\": {\"a\": \"b\"}}'  the index of weights that lie in several files",
                "'Entry not found'  none of them; check that this is a file of weights and whole",
            })
    void text(String text, String reason) throws IOException {
        refuse(text.replace('|', '\n').getBytes(StandardCharsets.UTF_8), reason);
    }

    @Test
    void otherBinaries() throws IOException {
        refuse(new byte[0], "an empty file; fetch it again");
        refuse(new byte[9999], "nothing but zeros, as a broken download leaves it");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(TinyFiles.bytes("tiny_zip.pth"));
        }
        refuse(packed.toByteArray(), "a compressed file or an archive; unpack it");
        refuse(new byte[] {(byte) 0x80, 4, 'N', '.'}, "a pickle that torch.save has not written");
        refuse("\u0093NUMPY\u0001".getBytes(StandardCharsets.ISO_8859_1), "an array of NumPy");
        refuse(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0}, "a picture");
    }

    @ParameterizedTest
    @CsvSource({
        "graft.json, a model of Graft; give it a name that ends in .graft",
        "weights.npy, arrays of NumPy",
        "model/saved_model.pb, a SavedModel of TensorFlow",
        "models/resnet.pth, an archive with 'models/resnet.pth' in it; unpack it",
        "notes.txt, 'an archive of 1 file, ''notes.txt''; give a file of weights'"
    })
    void zips(String entry, String reason) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(1);
        }
        refuse(out.toByteArray(), "zip: no checkpoint, but ", reason);
    }

    @Test
    void anEmptyZip() throws IOException {
        refuse(
                Arrays.copyOf("PK\u0003\u0004".getBytes(StandardCharsets.US_ASCII), 22),
                "cut short or damaged, fetch it");
    }

    @Test
    void anHdf5FileWithoutWeights() {
        Path optimizer = folder.resolve("optimizer.h5");
        try (WritableHdfFile file = HdfFile.write(optimizer)) {
            file.putGroup("optimizer_weights").putDataset("iterations", new float[] {7});
        }
        refused(() -> WeightFormats.read(optimizer), "the state of an optimizer, without the weights", "save_weights");
        Path empty = folder.resolve("empty.h5");
        try (WritableHdfFile file = HdfFile.write(empty)) {
            file.putGroup("model_weights");
        }
        refused(() -> WeightFormats.read(empty), "no weights in it; save them: model.save_weights(file)");
    }

    /** A download that ended early says so, wherever it ended. */
    @ParameterizedTest
    @ValueSource(
            strings = {"tiny.safetensors", "tiny_zip.pth", "tiny_legacy.pth", "tiny_keras2_weights.h5", "tiny.gguf"})
    void truncatedDownloads(String name) throws IOException {
        byte[] whole = TinyFiles.bytes(name);
        for (int part = 1; part < 8; part++) {
            Path file = Files.write(folder.resolve("part" + part), Arrays.copyOf(whole, whole.length * part / 8));
            assertThatThrownBy(() -> WeightFormats.read(file))
                    .as("%d eighths of %s", part, name)
                    .isInstanceOf(GraftException.class)
                    .message()
                    .containsAnyOf("cut short", "fetch it again")
                    .doesNotContain("\n");
        }
    }
}
