package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Counts what a file would become in memory before it is parsed: two bytes of a file are enough for an object of a hundred.
 * Numbers that are kept as raw bytes are views of the file and count nothing.
 */
final class OnnxSize {
    /** Networks of a thousand layers have about a hundred thousand fields. */
    static final long MOST_FIELDS = 4_000_000;

    private static final int DEEPEST = 100;

    private enum Message {
        MODEL,
        GRAPH,
        NODE,
        ATTRIBUTE,
        TENSOR,
        /** One whose fields are not looked at: every second byte of it might be an object. */
        OTHER,
        TEXT
    }

    private static final Map<Integer, Message> OF_MODEL = Map.of(
            ModelProto.PRODUCER_NAME_FIELD_NUMBER, Message.TEXT,
            ModelProto.PRODUCER_VERSION_FIELD_NUMBER, Message.TEXT,
            ModelProto.DOMAIN_FIELD_NUMBER, Message.TEXT,
            ModelProto.DOC_STRING_FIELD_NUMBER, Message.TEXT,
            ModelProto.GRAPH_FIELD_NUMBER, Message.GRAPH);
    private static final Map<Integer, Message> OF_GRAPH = Map.of(
            GraphProto.NODE_FIELD_NUMBER, Message.NODE,
            GraphProto.NAME_FIELD_NUMBER, Message.TEXT,
            GraphProto.INITIALIZER_FIELD_NUMBER, Message.TENSOR,
            GraphProto.DOC_STRING_FIELD_NUMBER, Message.TEXT);
    private static final Map<Integer, Message> OF_NODE = Map.of(
            NodeProto.INPUT_FIELD_NUMBER, Message.TEXT,
            NodeProto.OUTPUT_FIELD_NUMBER, Message.TEXT,
            NodeProto.NAME_FIELD_NUMBER, Message.TEXT,
            NodeProto.OP_TYPE_FIELD_NUMBER, Message.TEXT,
            NodeProto.ATTRIBUTE_FIELD_NUMBER, Message.ATTRIBUTE,
            NodeProto.DOC_STRING_FIELD_NUMBER, Message.TEXT,
            NodeProto.DOMAIN_FIELD_NUMBER, Message.TEXT);
    private static final Map<Integer, Message> OF_ATTRIBUTE = Map.of(
            AttributeProto.NAME_FIELD_NUMBER, Message.TEXT,
            AttributeProto.S_FIELD_NUMBER, Message.TEXT,
            AttributeProto.STRINGS_FIELD_NUMBER, Message.TEXT,
            AttributeProto.DOC_STRING_FIELD_NUMBER, Message.TEXT,
            AttributeProto.T_FIELD_NUMBER, Message.TENSOR,
            AttributeProto.TENSORS_FIELD_NUMBER, Message.TENSOR,
            AttributeProto.G_FIELD_NUMBER, Message.GRAPH,
            AttributeProto.GRAPHS_FIELD_NUMBER, Message.GRAPH);
    private static final Map<Integer, Message> OF_TENSOR = Map.of(
            TensorProto.NAME_FIELD_NUMBER, Message.TEXT,
            TensorProto.DOC_STRING_FIELD_NUMBER, Message.TEXT,
            TensorProto.STRING_DATA_FIELD_NUMBER, Message.TEXT,
            TensorProto.RAW_DATA_FIELD_NUMBER, Message.TEXT,
            TensorProto.FLOAT_DATA_FIELD_NUMBER, Message.TEXT,
            TensorProto.DOUBLE_DATA_FIELD_NUMBER, Message.TEXT);

    private final CodedInputStream in;
    private long fields;

    private OnnxSize(CodedInputStream in) {
        this.in = in;
    }

    /**
     * Counts the fields of a serialised ModelProto.
     *
     * @throws IOException if it is none, or has more than {@link #MOST_FIELDS}
     */
    static void check(ByteBuffer content) throws IOException {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
        in.enableAliasing(true);
        new OnnxSize(in).count(Message.MODEL, 0);
    }

    private void count(Message message, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new InvalidProtocolBufferException("nested deeper than " + DEEPEST);
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            add(1);
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                in.skipField(tag);
                continue;
            }
            int length = in.readRawVarint32();
            Message inner = of(message, WireFormat.getTagFieldNumber(tag));
            if (inner == Message.TEXT) {
                in.skipRawBytes(length);
            } else if (inner == Message.OTHER) {
                add(length / 2);
                in.skipRawBytes(length);
            } else {
                int outside = in.pushLimit(length);
                count(inner, depth + 1);
                in.popLimit(outside);
            }
        }
    }

    private void add(long more) throws IOException {
        fields += more;
        if (fields > MOST_FIELDS) {
            throw new InvalidProtocolBufferException("more than " + MOST_FIELDS + " fields");
        }
    }

    private static Message of(Message outer, int field) {
        Map<Integer, Message> inner =
                switch (outer) {
                    case MODEL -> OF_MODEL;
                    case GRAPH -> OF_GRAPH;
                    case NODE -> OF_NODE;
                    case ATTRIBUTE -> OF_ATTRIBUTE;
                    default -> OF_TENSOR;
                };
        return inner.getOrDefault(field, Message.OTHER);
    }
}
