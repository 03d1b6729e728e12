package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StrictLoad;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
    private static final byte[] TINY = TinyFiles.bytes("tiny.onnx");

    /** The order of the formula is that of {@code tools/reference/torch_files.py}. */
    @Test
    void readsWhatTorchExported(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("any name"), TINY);
        for (WeightFile file : List.of(WeightFormats.read(path), OnnxFile.read("tiny", ByteBuffer.wrap(TINY)))) {
            assertThat(file.tensors().entrySet())
                    .extracting(entry -> entry.getKey() + " " + entry.getValue().type()
                            + entry.getValue().shape())
                    .containsExactlyInAnyOrder(
                            "wide DOUBLE[4]",
                            "narrow FLOAT16[2, 2]",
                            "conv.weight FLOAT[4, 3, 2, 2]",
                            "conv.bias FLOAT[4]");
            TinyFiles.assertFormula(file.read("wide"), 0);
            TinyFiles.assertFormula(file.read("narrow"), 1);
            TinyFiles.assertFormula(file.read("conv.weight"), 2);
            TinyFiles.assertFormula(file.read("conv.bias"), 3);
        }
    }

    @Test
    void numbersMayBeListedOneByOne() {
        assertThat(read(named("w", DataType.FLOAT, 2).addFloatData(1).addFloatData(2.5f))
                        .toArray())
                .containsExactly(1, 2.5f);
        assertThat(read(named("w", DataType.DOUBLE, 1).addDoubleData(0.1)).toArray())
                .containsExactly(0.1f);
        assertThat(read(named("w", DataType.FLOAT16, 2).addInt32Data(0x3c00).addInt32Data(0xc000))
                        .toArray())
                .containsExactly(1, -2);
        assertThat(read(named("w", DataType.BFLOAT16, 1).addInt32Data(0x3f80)).shape())
                .isEqualTo(Shape.of(1));
    }

    @Test
    void unsoundFilesAreRefused() {
        refuse(named("w", DataType.FLOAT, 3).addFloatData(1), "FLOAT [3] takes 12 bytes, found 4");
        refuse(named("w", DataType.FLOAT, -1), "expected sizes with a product up to");
        refuse(named("w", DataType.FLOAT, Integer.MAX_VALUE), "expected sizes with a product up to");
        refuse(named("w", DataType.FLOAT, 1, 1, 1, 1, 1, 1, 1, 1, 1), "expected at most 8 axes, got 9");
        refuse(named("", DataType.FLOAT, 0), "a weight has no name");
        refuse(named("w", DataType.FLOAT, 4).setDataLocation(DataLocation.EXTERNAL), "lies in another file");
        TensorProto.Builder placed = named("w", DataType.FLOAT, 4)
                .setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("net\n.onnx.data"));
        refuse(placed, "lies in another file, 'net?.onnx.data'; export the model in one file, or join");
        refuse(named("w", DataType.INT64, 1).addInt64Data(3), "expected floating-point numbers, got INT64");
        TensorProto.Builder once = named("w", DataType.FLOAT, 0);
        assertThatThrownBy(() -> OnnxFile.read("bad.onnx", ByteBuffer.wrap(model(once, once))))
                .hasMessageContaining("or that of another");
        for (int length = 1; length < TINY.length - 200; length += 13) {
            byte[] part = Arrays.copyOf(TINY, length);
            assertThatThrownBy(() -> OnnxFile.read("bad.onnx", ByteBuffer.wrap(part)))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("bad.onnx: not an ONNX file, or cut short or damaged");
        }
    }

    @Test
    void namesThatAnExporterMadeUpAreSaidToBe() {
        WeightFile file = OnnxFile.read("net.onnx", ByteBuffer.wrap(model(named("onnx::Conv_1", DataType.FLOAT, 0))));
        assertThatThrownBy(
                        () -> StrictLoad.of(Map.of("conv.weight", Shape.of(1))).from(file))
                .hasMessageContaining("1 missing: 'conv.weight' [1]")
                .hasMessageEndingWith(
                        "exporters to ONNX fold and rename weights: give the file that it was made from, or"
                                + " the file itself as backbone FILE.onnx");
    }

    private static TensorProto.Builder named(String name, DataType type, long... sizes) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        Arrays.stream(sizes).forEach(tensor::addDims);
        return tensor;
    }

    private static byte[] model(TensorProto.Builder... tensors) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        Arrays.stream(tensors).forEach(graph::addInitializer);
        return ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
    }

    private static HostTensor read(TensorProto.Builder tensor) {
        return OnnxFile.read("bad.onnx", ByteBuffer.wrap(model(tensor))).read("w");
    }

    private static void refuse(TensorProto.Builder tensor, String reason) {
        assertThatThrownBy(() -> read(tensor))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("bad.onnx: ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }
}
