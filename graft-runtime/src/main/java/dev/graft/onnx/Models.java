package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;

/** Files that Graft itself has written, taken apart again. */
final class Models {
    private Models() {}

    static ModelProto parse(byte[] content) {
        try {
            return ModelProto.parseFrom(content);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("no ONNX file", e);
        }
    }
}
