package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.data.InputGeometry;
import java.util.List;

/**
 * How a picture of any size becomes the square of a network, as nodes of an ONNX graph. Resized as bytes, since ONNX
 * Runtime then goes Pillow's way, as {@code data.Resampler} does: rounded to grey levels between the two axes. It finds
 * the weights in single precision, so rare pixels round otherwise. The whole resized picture is in memory before its crop.
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

    /** Bytes {@code [N, H, W, 3]} to float pixels 0..255 {@code [N, 3, S, S]}. */
    String square(String pictures) {
        String planes =
                ops.add(ops.node("Transpose", List.of(pictures)).addAttribute(OnnxAttributes.ints("perm", 0, 3, 1, 2)));
        String shape = ops.add(ops.node("Shape", List.of(planes)));
        String square =
                switch (geometry.fit()) {
                    case STRETCH -> resize(planes, shape, ops.integers(geometry.size(), geometry.size()));
                    case CENTER_CROP -> centerCrop(planes, shape);
                };
        return cast(square, DataType.FLOAT);
    }

    /** As torchvision: the longer side's fraction is cut off, half a pixel of margin goes to the even number. */
    private String centerCrop(String planes, String shape) {
        String sides = slice(shape, 2, 4);
        String shorter = ops.add(ops.node("ReduceMin", List.of(sides)));
        String product = ops.multiply(sides, ops.integers(geometry.resize()));
        String scaled = ops.add(ops.node("Div", List.of(product, shorter)));
        String kept = ops.integers(geometry.size());
        String margin = cast(ops.add(ops.node("Sub", List.of(scaled, kept))), DataType.FLOAT);
        String half = ops.add(ops.node("Round", List.of(ops.multiply(margin, ops.scalar(0.5f)))));
        String first = cast(half, DataType.INT64);
        String resized = resize(planes, shape, scaled);
        return ops.add(ops.node("Slice", List.of(resized, first, ops.add(first, kept), ops.integers(2, 3))));
    }

    private String resize(String planes, String shape, String sides) {
        String sizes = ops.concatenate(List.of(slice(shape, 0, 2), sides), 0);
        NodeProto.Builder node = ops.node("Resize", List.of(planes, "", "", sizes))
                .addAttribute(OnnxAttributes.text("coordinate_transformation_mode", "half_pixel"))
                .addAttribute(OnnxAttributes.integer("antialias", 1))
                // At the edge Pillow shares weights among what is there; else the outermost pixel gets what is missing.
                .addAttribute(OnnxAttributes.integer("exclude_outside", 1));
        return ops.add(
                switch (geometry.interpolation()) {
                    case BILINEAR -> node.addAttribute(OnnxAttributes.text("mode", "linear"));
                    case BICUBIC ->
                        node.addAttribute(OnnxAttributes.text("mode", "cubic"))
                                .addAttribute(OnnxAttributes.real("cubic_coeff_a", -0.5));
                });
    }

    private String slice(String list, int from, int to) {
        return ops.add(ops.node("Slice", List.of(list, ops.integers(from), ops.integers(to))));
    }

    private String cast(String x, DataType type) {
        return ops.add(ops.node("Cast", List.of(x)).addAttribute(OnnxAttributes.integer("to", type.getNumber())));
    }
}
