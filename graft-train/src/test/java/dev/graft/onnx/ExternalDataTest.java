package dev.graft.onnx;

import static dev.graft.onnx.ForeignFiles.channelsFirst;
import static dev.graft.onnx.ForeignFiles.model;
import static dev.graft.onnx.ForeignFiles.node;
import static dev.graft.onnx.ForeignFiles.value;
import static dev.graft.onnx.ForeignFiles.weight;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.formats.OnnxFile;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that keep their numbers in files beside them: taken from there, and from nowhere else. */
class ExternalDataTest {
    private static final TensorProto WEIGHT = weight("m.weight", 8, 8).build();
    private static final int BYTES = 8 * 8 * Float.BYTES;

    @TempDir
    private Path temporary;

    private Path folder;
    private Path file;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("network"));
        file = folder.resolve("network.onnx");
    }

    private static byte[] numbers(int before) {
        ByteBuffer bytes = ByteBuffer.allocate(before + BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(before);
        WEIGHT.getFloatDataList().forEach(bytes::putFloat);
        return bytes.array();
    }

    private static TensorProto.Builder external(Map<String, String> where) {
        TensorProto.Builder tensor = WEIGHT.toBuilder().clearFloatData().setDataLocation(DataLocation.EXTERNAL);
        where.forEach((key, of) -> tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(of)));
        return tensor;
    }

    private void write(Map<String, String> where) throws IOException {
        write(channelsFirst().setInitializer(0, external(where)));
    }

    private void write(GraphProto.Builder graph) throws IOException {
        Files.write(file, model(13, graph).build().toByteArray());
    }

    private void assertTheSameAsInOneFile() {
        OnnxBackbone.Features whole = ForeignFiles.read(
                        model(13, channelsFirst()).build().toByteArray())
                .cut();
        OnnxBackbone.Features read = OnnxBackbone.read(file).cut();
        assertThat(read.weights().keySet()).isEqualTo(whole.weights().keySet());
        assertThat(ForeignFiles.run(read, 2).sameBits(ForeignFiles.run(whole, 2)))
                .isTrue();
    }

    private void refused(String... parts) {
        Refusals.refused(() -> OnnxBackbone.read(file), parts).hasMessageStartingWith(file + ": ");
    }

    @Test
    void numbersComeFromTheFileBeside() throws IOException {
        Files.write(folder.resolve("network.onnx.data"), numbers(0));
        write(Map.of("location", "network.onnx.data"));
        assertTheSameAsInOneFile();
        write(Map.of("location", "network.onnx.data", "offset", "0", "length", "" + BYTES, "checksum", "any"));
        assertTheSameAsInOneFile();
    }

    @Test
    void numbersComeFromTheirPlaceInAFolderBelow() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.write(folder.resolve("data/numbers"), numbers(4099));
        write(Map.of("location", "data/numbers", "offset", "4099", "length", "" + BYTES));
        assertTheSameAsInOneFile();
    }

    @Test
    void numbersOfNodesComeFromThereToo() throws IOException {
        Files.write(folder.resolve("numbers"), numbers(0));
        AttributeProto.Builder constant = AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(external(Map.of("location", "numbers")));
        write(GraphProto.newBuilder()
                .addInput(value("x", DataType.FLOAT, 0, 3, 8, 8))
                .addOutput(value("map", DataType.FLOAT, 0, 3, 8, 8))
                .addNode(node("Constant", "m.weight").addAttribute(constant))
                .addNode(node("MatMul", "mixed", "x", "m.weight"))
                .addNode(node("Relu", "map", "mixed")));
        assertTheSameAsInOneFile();
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        write(Map.of("location", "network.onnx.data"));
        refused("weight 'm.weight' lies in 'network.onnx.data', which is not beside", "copy it there too");
        Refusals.refused(
                () -> OnnxFile.read(file), "weight 'm.weight' lies in another file, 'network.onnx.data'; export");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../secret", "data/../../secret", "/etc/passwd", "", "..", "data/../network.onnx", "a\u0000b"})
    void onlyTheFoldersOwnFilesAreRead(String location) throws IOException {
        Files.write(temporary.resolve("secret"), numbers(0));
        write(Map.of("location", location));
        refused("and only files in the model's own folder are read");
    }

    @Test
    void linksThatLeadOutAreNotFollowed() throws IOException {
        Files.write(temporary.resolve("secret"), numbers(0));
        Files.write(folder.resolve("inside"), numbers(0));
        link("link", temporary.resolve("secret"));
        write(Map.of("location", "link"));
        refused("'link', a link that leads out of the folder, which is not followed");
        link("out", temporary);
        write(Map.of("location", "out/secret"));
        refused("a link that leads out of the folder");
        link("within", folder.resolve("inside"));
        write(Map.of("location", "within"));
        assertTheSameAsInOneFile();
        link("nowhere", folder.resolve("gone"));
        write(Map.of("location", "nowhere"));
        refused("which is not beside");
    }

    private void link(String name, Path target) throws IOException {
        try {
            Files.createSymbolicLink(folder.resolve(name), target);
        } catch (FileSystemException | UnsupportedOperationException e) {
            Assumptions.abort("SKIPPED: no links on this file system");
        }
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        Files.createDirectory(folder.resolve("numbers"));
        write(Map.of("location", "numbers"));
        refused("lies in 'numbers', which is no file of numbers");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 256, takes 256 bytes from 1 on of 'numbers'; which has 256",
        "257, '', takes 0 bytes from 257 on",
        "0, 257, takes 257 bytes from 0 on",
        "999999999999999, 256, takes 256 bytes from 999999999999999 on",
        "-1, 256, says '-1' for its offset",
        "0, -256, says '-256' for its length",
        "1e2, 256, says '1e2' for its offset",
        "0, 99999999999999999999, for its length",
        "4, 252, 252 bytes",
        "0, 0, 0 bytes",
    })
    void placesThatCannotBeAreRefused(String offset, String length, String saying) throws IOException {
        Files.write(folder.resolve("numbers"), numbers(0));
        write(Map.of("location", "numbers", "offset", offset, "length", length == null ? "" : length));
        Refusals.refused(() -> OnnxBackbone.read(file).cut(), saying.replace("'numbers';", "'numbers',"))
                .hasMessageStartingWith(file + ": ");
    }
}
