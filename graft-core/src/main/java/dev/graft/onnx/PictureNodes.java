package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.data.InputGeometry;
import java.util.List;

/**
 * How a picture of any size becomes the square of a network, as nodes of an ONNX graph. Resized as bytes, since ONNX
 * Runtime then goes Pillow's way, as {@code data.Resampler} does: rounded to grey levels between the two axes. What is
 * left are single pixels that round otherwise. The whole resized picture is in memory before its crop.
 */
final class PictureNodes {
    /** The version in which Resize antialiases. */
    static final int OPSET = 18;

    private final OnnxOps ops;
    private final InputGeometry geometry;

    PictureNodes(OnnxOps ops, InputGeometry geometry) {
        this.ops = ops;
        this.geometry = geometry;
    }

    /** Bytes {@code [1, H, W, 3]} to float pixels 0..255 {@code [1, 3, S, S]}. */
    String square(String picture) {
        String planes =
                ops.add(ops.node("Transpose", List.of(picture)).addAttribute(OnnxAttributes.ints("perm", 0, 3, 1, 2)));
        return cast(centerCrop(planes), DataType.FLOAT);
    }

    /** As torchvision: the longer side's fraction is cut off, half a pixel of margin goes to the even number. */
    private String centerCrop(String planes) {
        String shape = ops.add(ops.node("Shape", List.of(planes)));
        String sides = ops.add(ops.node("Slice", List.of(shape, ops.integers(2), ops.integers(4))));
        String shorter = ops.add(ops.node("ReduceMin", List.of(sides)));
        String product = ops.multiply(sides, ops.integers(geometry.resize()));
        String scaled = ops.add(ops.node("Div", List.of(product, shorter)));
        String sizes = ops.add(ops.node("Concat", List.of(ops.integers(1, 3), scaled))
                .addAttribute(OnnxAttributes.integer("axis", 0)));
        String kept = ops.integers(geometry.size());
        String margin = cast(ops.add(ops.node("Sub", List.of(scaled, kept))), DataType.FLOAT);
        String half = ops.add(ops.node("Round", List.of(ops.multiply(margin, ops.scalar(0.5f)))));
        String first = cast(half, DataType.INT64);
        return ops.add(
                ops.node("Slice", List.of(resize(planes, sizes), first, ops.add(first, kept), ops.integers(2, 3))));
    }

    private String resize(String planes, String sizes) {
        return ops.add(ops.node("Resize", List.of(planes, "", "", sizes))
                .addAttribute(OnnxAttributes.text("mode", "linear"))
                .addAttribute(OnnxAttributes.text("coordinate_transformation_mode", "half_pixel"))
                .addAttribute(OnnxAttributes.integer("antialias", 1)));
    }

    private String cast(String x, DataType type) {
        return ops.add(ops.node("Cast", List.of(x)).addAttribute(OnnxAttributes.integer("to", type.getNumber())));
    }
}
