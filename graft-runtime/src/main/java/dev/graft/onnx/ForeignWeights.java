package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.GraftException;
import dev.graft.tensor.HalfFloat;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of a file, parted into weights, which a network keeps, and others: whole numbers, single ones, what is
 * empty. Weights of 16 bits are kept as floats, which lose nothing of them, and made what they were by a node.
 *
 * @param weights by name
 * @param rest what stays with the nodes
 * @param nodes that make weights what they were
 */
record ForeignWeights(Map<String, HostTensor> weights, List<TensorProto> rest, List<NodeProto> nodes) {
    private static final int MOST_AXES = 8;

    /**
     * Parts them.
     *
     * @throws GraftException if a weight has not the numbers that its sizes ask for
     */
    static ForeignWeights of(String description, List<TensorProto> constants) {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        List<TensorProto> rest = new ArrayList<>();
        List<NodeProto> nodes = new ArrayList<>();
        for (TensorProto tensor : constants) {
            boolean half = tensor.getDataType() == DataType.FLOAT16_VALUE;
            boolean real = half || tensor.getDataType() == DataType.FLOAT_VALUE;
            if (!real || tensor.getDimsCount() == 0 || tensor.getDimsList().contains(0L)) {
                rest.add(tensor);
            } else if (half) {
                String wide = tensor.getName() + ".float32";
                weights.put(wide, numbers(description, tensor, true));
                nodes.add(NodeProto.newBuilder()
                        .setOpType("Cast")
                        .setName(wide)
                        .addAttribute(OnnxAttributes.integer("to", DataType.FLOAT16_VALUE))
                        .addInput(wide)
                        .addOutput(tensor.getName())
                        .build());
            } else {
                weights.put(tensor.getName(), numbers(description, tensor, false));
            }
        }
        return new ForeignWeights(weights, rest, nodes);
    }

    /** The sizes by name. */
    Map<String, List<Integer>> sizes() {
        Map<String, List<Integer>> sizes = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            List<Integer> list = new ArrayList<>();
            for (int size : weight.shape().sizes()) {
                list.add(size);
            }
            sizes.put(name, list);
        });
        return sizes;
    }

    private static HostTensor numbers(String description, TensorProto tensor, boolean half) {
        ByteBuffer bytes = OnnxInitializers.numbers(tensor);
        long elements = 1;
        int[] sizes = new int[Math.min(MOST_AXES, tensor.getDimsCount())];
        for (int axis = 0; axis < sizes.length; axis++) {
            long size = tensor.getDims(axis);
            // Within the file's length, so that no product of two overflows.
            elements = size < 0 || size > bytes.remaining() ? -1 : elements * size;
            if (elements < 0 || elements > bytes.remaining()) {
                break;
            }
            sizes[axis] = (int) size;
        }
        int width = half ? Short.BYTES : Float.BYTES;
        if (tensor.getDimsCount() > MOST_AXES || elements < 0 || elements * width != bytes.remaining()) {
            throw new GraftException(description + ": weight " + ForeignNodes.quoted(tensor.getName()) + " is "
                    + tensor.getDimsList().stream().limit(MOST_AXES + 1).toList() + ", which " + bytes.remaining()
                    + " bytes are not; the file is damaged, fetch it again");
        }
        return new HostTensor(new Shape(sizes), half ? widened(bytes) : floats(bytes));
    }

    /** A view, unless native code could not take it as it is. */
    private static FloatBuffer floats(ByteBuffer bytes) {
        FloatBuffer view = bytes.asFloatBuffer();
        boolean aligned = bytes.isDirect() && bytes.alignmentOffset(0, Float.BYTES) == 0;
        return aligned ? view : FloatBuffer.allocate(view.remaining()).put(view).flip();
    }

    private static FloatBuffer widened(ByteBuffer halves) {
        FloatBuffer floats = FloatBuffer.allocate(halves.remaining() / Short.BYTES);
        while (halves.hasRemaining()) {
            floats.put(HalfFloat.toFloat(halves.getShort()));
        }
        return floats.flip();
    }
}
