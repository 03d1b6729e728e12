package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.WeightFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the constant tensors of TensorFlow Lite's files: floats, and whole numbers with scale and zero point, which
 * become the floats they stand for. Tensors keep the file's names; kernels get torch's layout, told by the operator that
 * reads them.
 *
 * <table>
 * <caption>by the operator</caption>
 * <tr><td>CONV_2D {@code [out, h, w, in]}</td><td>{@code [out, in, h, w]}</td></tr>
 * <tr><td>DEPTHWISE_CONV_2D {@code [1, h, w, in·m]}</td><td>{@code [in·m, 1, h, w]}</td></tr>
 * <tr><td>FULLY_CONNECTED {@code [out, in]}</td><td>the same</td></tr>
 * </table>
 *
 * <p>What other operators read stays as it lies. Of several graphs the first is read; networks for pictures have one.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs">the
 *     schema</a>
 */
public final class TfLite {
    private static final String FORMAT = "format";
    private static final String TFLITE = "tflite";
    private static final String IDENTIFIER = "TFL3";
    private static final int IDENTIFIER_AT = 4;

    private final Bytes bytes;
    private final List<FlatTable> buffers;
    private long constantBytes;

    private TfLite(Bytes bytes, List<FlatTable> buffers) {
        this.bytes = bytes;
        this.buffers = buffers;
    }

    /**
     * Opens a file, mapped into memory.
     *
     * @throws GraftException if the file cannot be read or is not valid
     */
    public static WeightFile read(Path path) {
        return read(Bytes.map(path));
    }

    /**
     * Opens a file held in memory, from the buffer's position to its limit. The content must not change afterwards.
     *
     * @param description where the content comes from, for messages
     * @throws GraftException if the content is not valid
     */
    public static WeightFile read(String description, ByteBuffer content) {
        return read(Bytes.of(description, content));
    }

    /** Whether a file is of TensorFlow Lite: what was batch normalisation is in its kernels and biases then. */
    public static boolean isTfLite(WeightFile file) {
        return TFLITE.equals(file.metadata().get(FORMAT));
    }

    static boolean isLikely(Bytes bytes) {
        return bytes.has(IDENTIFIER_AT, IDENTIFIER);
    }

    static WeightFile read(Bytes bytes) {
        if (!isLikely(bytes)) {
            throw bytes.fault("TensorFlow Lite", "expected 'TFL3' at byte 4; give a .tflite file");
        }
        if (bytes.size() > bytes.longestSlice()) {
            throw bytes.fault("TensorFlow Lite", "files of more than 2 GiB are not read; convert it to safetensors");
        }
        FlatTable model = FlatTable.root(bytes);
        List<FlatTable> graphs = model.tables(2, "the list of graphs");
        if (graphs.isEmpty()) {
            throw bytes.fault("TensorFlow Lite", "expected a graph, found none; fetch the file again");
        }
        FlatTable graph = graphs.get(0);
        TfLite reader = new TfLite(bytes, model.tables(4, "the list of buffers"));
        return reader.constants(graph.tables(0, "the list of tensors"), TfLiteKernels.of(bytes, model, graph));
    }

    private WeightFile constants(List<FlatTable> tensors, Map<Integer, TfLiteKernels.Layout> kernels) {
        Map<String, StoredTensor> constants = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            FlatTable.Span data = data(tensors.get(i));
            if (data.count() > 0) {
                TfLiteTensor tensor = TfLiteTensor.of(bytes, tensors.get(i), data);
                if (constants.putIfAbsent(tensor.name(), tensor.stored(kernels.get(i))) != null) {
                    throw tensor.fault("the name occurs twice; the file is damaged, fetch it again");
                }
            }
        }
        return new WeightFile(bytes.description(), constants, Map.of(FORMAT, TFLITE));
    }

    /** Where a tensor's numbers lie; none where they are computed. Tensors may share a buffer, but not without end. */
    private FlatTable.Span data(FlatTable tensor) {
        long number = tensor.u32(2, "a tensor's buffer");
        if (number >= buffers.size()) {
            throw bytes.fault(
                    "buffers", "expected a number below " + buffers.size() + ", got " + number + "; fetch it again");
        }
        FlatTable buffer = buffers.get((int) number);
        if (buffer.u64(1, "a buffer's place") > 1) {
            throw bytes.fault(
                    "buffer " + number,
                    "its numbers lie after the graph, which is not read; convert the file to safetensors");
        }
        FlatTable.Span data = buffer.span(0, 1, "a buffer");
        constantBytes += data.count();
        if (constantBytes > bytes.size()) {
            throw bytes.fault(
                    "buffer " + number, "tensors share it until they are larger than the file; fetch it again");
        }
        return data;
    }
}
