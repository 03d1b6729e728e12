package dev.graft.formats;

import dev.graft.weights.Bytes;
import dev.graft.weights.StoredTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which tensors of a TensorFlow Lite graph are the kernels of convolutions. */
final class TfLiteKernels {
    /** The builtin operators of the schema that count here. */
    private static final int CONV_2D = 3;

    private static final int DEPTHWISE_CONV_2D = 4;
    private static final int DEQUANTIZE = 6;

    /** The axes of a kernel in the order of torch's. */
    enum Layout {
        PLAIN(0, 3, 1, 2),
        DEPTHWISE(3, 0, 1, 2);

        private final int[] axes;

        Layout(int... axes) {
            this.axes = axes;
        }

        StoredTensor torch(StoredTensor stored) {
            return Strided.permuted(stored, axes);
        }
    }

    private TfLiteKernels() {}

    /** The layout of each kernel by the number of its tensor. */
    static Map<Integer, Layout> of(Bytes bytes, FlatTable model, FlatTable graph) {
        List<FlatTable> codes = model.tables(1, "the list of operators' codes");
        Map<Integer, Layout> kernels = new HashMap<>();
        Map<Integer, Integer> widened = new HashMap<>();
        for (FlatTable operator : graph.tables(3, "the list of operators")) {
            long code = operator.u32(0, "an operator's code");
            if (code >= codes.size()) {
                throw bytes.fault(
                        "operators", "expected a code below " + codes.size() + ", got " + code + "; fetch it again");
            }
            switch (builtin(codes.get((int) code))) {
                case CONV_2D -> add(bytes, kernels, operator, Layout.PLAIN);
                case DEPTHWISE_CONV_2D -> add(bytes, kernels, operator, Layout.DEPTHWISE);
                case DEQUANTIZE ->
                    widened.put(
                            operator.item(2, 0, "an operator's outputs"), operator.item(1, 0, "an operator's inputs"));
                default -> {}
            }
        }
        // Kernels of half precision are widened by an operator of their own first.
        widened.forEach((wide, half) -> {
            Layout layout = kernels.get(wide);
            if (layout != null) {
                kernels.putIfAbsent(half, layout);
            }
        });
        return kernels;
    }

    private static void add(Bytes bytes, Map<Integer, Layout> kernels, FlatTable operator, Layout layout) {
        int kernel = operator.item(1, 1, "an operator's inputs");
        Layout other = kernels.putIfAbsent(kernel, layout);
        if (other != null && other != layout) {
            throw bytes.fault(
                    "tensor number " + kernel,
                    "it is the kernel of a plain and of a depthwise convolution; fetch the file again");
        }
    }

    /** Codes below 127 are in the first field, which is all that old files have; greater ones in the other. */
    private static int builtin(FlatTable code) {
        return Math.max(code.i8(0, "an operator's code"), code.i32(3, "an operator's code"));
    }
}
