package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.graft.GraftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights in an ONNX file. Nodes are passed over unread, so that a file costs no more memory than its weights, and
 * weights kept as raw bytes, as exporters write them, are views of the file.
 */
public final class OnnxInitializers {
    private static final int IR_VERSION = tag(ModelProto.IR_VERSION_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int GRAPH = tag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int INITIALIZER =
            tag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int HIGHEST_IR_VERSION = 64;
    /**
     * One weight.
     *
     * @param type ONNX's name of the number format, such as {@code FLOAT16}
     * @param sizes as the file claims them
     * @param numbers row-major and little-endian; perhaps not as many as the sizes ask for
     */
    public record Initializer(String type, List<Long> sizes, ByteBuffer numbers) {}

    private OnnxInitializers() {}

    /** Whether the first bytes are those of an ONNX file: its format's version, then a text or a message. */
    public static boolean isLikely(ByteBuffer start) {
        if (start.remaining() < 3) {
            return false;
        }
        int at = start.position();
        int version = start.get(at + 1);
        return start.get(at) == IR_VERSION
                && version > 0
                && version < HIGHEST_IR_VERSION
                && WireFormat.getTagWireType(start.get(at + 2)) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /**
     * Reads a file.
     *
     * @param description where the content comes from, for messages
     * @param content the whole file, which must not change afterwards
     * @throws GraftException if the file is not valid or keeps its numbers in another one
     */
    public static Map<String, Initializer> read(String description, ByteBuffer content) {
        Map<String, Initializer> found = new LinkedHashMap<>();
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
        in.enableAliasing(true);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == GRAPH) {
                    graph(description, in, found);
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new GraftException(
                    description + ": not an ONNX file, or cut short or damaged (" + firstLine(e) + "); fetch it again",
                    e);
        }
        return found;
    }

    /** Protobuf explains itself at length. */
    static String firstLine(IOException e) {
        String message = e.getMessage() == null ? "no protobuf" : e.getMessage();
        return message.lines().findFirst().orElse("").split("\\. ", 2)[0];
    }

    private static void graph(String description, CodedInputStream in, Map<String, Initializer> found)
            throws IOException {
        int outside = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == INITIALIZER) {
                int graph = in.pushLimit(in.readRawVarint32());
                add(description, TensorProto.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry()), found);
                in.popLimit(graph);
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outside);
    }

    private static void add(String description, TensorProto tensor, Map<String, Initializer> found) {
        String name = tensor.getName();
        if (ExternalData.is(tensor)) {
            throw ExternalData.refused(description, tensor);
        }
        Initializer initializer = new Initializer(type(tensor), List.copyOf(tensor.getDimsList()), numbers(tensor));
        if (name.isEmpty() || found.putIfAbsent(name, initializer) != null) {
            throw new GraftException(description + ": a weight has no name, or that of another; fetch the file again");
        }
    }

    static String type(TensorProto tensor) {
        DataType type = DataType.forNumber(tensor.getDataType());
        return type == null ? "type " + tensor.getDataType() : type.name();
    }

    /** The floating-point numbers of a tensor, little-endian; perhaps not as many as its sizes ask for. */
    static ByteBuffer numbers(TensorProto tensor) {
        return tensor.hasRawData() ? raw(tensor.getRawData()) : listed(tensor);
    }

    private static ByteBuffer raw(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Numbers that the file lists one by one; halves are in the lower half of an int. */
    private static ByteBuffer listed(TensorProto tensor) {
        int halves = isHalf(tensor) ? tensor.getInt32DataCount() : 0;
        ByteBuffer numbers = ByteBuffer.allocate(tensor.getFloatDataCount() * Float.BYTES
                        + tensor.getDoubleDataCount() * Double.BYTES
                        + halves * Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        tensor.getFloatDataList().forEach(numbers::putFloat);
        tensor.getDoubleDataList().forEach(numbers::putDouble);
        for (int i = 0; i < halves; i++) {
            numbers.putShort((short) tensor.getInt32Data(i));
        }
        return numbers.flip();
    }

    private static boolean isHalf(TensorProto tensor) {
        return tensor.getDataType() == DataType.FLOAT16_VALUE || tensor.getDataType() == DataType.BFLOAT16_VALUE;
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
