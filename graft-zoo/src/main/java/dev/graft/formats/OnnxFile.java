package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.onnx.OnnxInitializers;
import dev.graft.onnx.OnnxInitializers.Initializer;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Bytes;
import dev.graft.weights.Encoding;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TensorTable;
import dev.graft.weights.WeightFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the initializers of an ONNX file as weights. They have torch's names where the exporter kept them; one that folds
 * batch normalisation into convolutions makes up new ones.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
public final class OnnxFile {
    private static final Map<String, Encoding> ENCODINGS = Map.of(
            "FLOAT", Encoding.F32,
            "FLOAT16", Encoding.F16,
            "BFLOAT16", Encoding.BF16,
            "DOUBLE", Encoding.F64);
    private static final int START = 3;
    private static final String ONNX = "onnx";

    private OnnxFile() {}

    /**
     * Opens a file, mapped into memory.
     *
     * @throws GraftException if the file cannot be read, is not valid or keeps its numbers in another one
     */
    public static WeightFile read(Path path) {
        return read(Bytes.map(path));
    }

    /**
     * Opens a file held in memory, from the buffer's position to its limit. The content must not change afterwards.
     *
     * @param description where the content comes from, for messages
     * @throws GraftException if the content is not valid or keeps its numbers in another file
     */
    public static WeightFile read(String description, ByteBuffer content) {
        return read(Bytes.of(description, content));
    }

    static boolean isLikely(Bytes bytes) {
        return bytes.size() > START && OnnxInitializers.isLikely(bytes.slice(0, START));
    }

    static WeightFile read(Bytes bytes) {
        if (bytes.size() > bytes.longestSlice()) {
            throw bytes.fault("ONNX", "files of more than 2 GiB are not read; convert it to safetensors");
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        OnnxInitializers.read(bytes.description(), bytes.slice(0, bytes.size()))
                .forEach((name, initializer) -> tensors.put(name, stored(bytes, name, initializer)));
        return new WeightFile(bytes.description(), tensors, Map.of(WeightFile.FORMAT, ONNX));
    }

    private static StoredTensor stored(Bytes bytes, String name, Initializer initializer) {
        Encoding encoding = ENCODINGS.get(initializer.type());
        long[] sizes = initializer.sizes().stream().mapToLong(size -> size).toArray();
        Shape shape = TensorTable.shape(bytes, name, sizes);
        int length = initializer.numbers().remaining();
        if (encoding != null && encoding.bytes(shape.elements()) != length) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    initializer.type() + " " + shape + " takes " + encoding.bytes(shape.elements()) + " bytes, found "
                            + length + "; the file is damaged, fetch it again");
        }
        return new StoredTensor(shape, initializer.type(), () -> numbers(bytes, name, encoding, initializer, shape));
    }

    private static HostTensor numbers(
            Bytes bytes, String name, @Nullable Encoding encoding, Initializer initializer, Shape shape) {
        if (encoding == null) {
            throw TensorTable.fault(
                    bytes,
                    name,
                    "expected floating-point numbers, got " + initializer.type()
                            + "; drop this tensor by name if the model does not need it");
        }
        ByteBuffer view =
                initializer.numbers().duplicate().order(initializer.numbers().order());
        return encoding.decode(view, shape);
    }
}
