package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.GraftVersion;
import dev.graft.data.InputGeometry;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.FoldedBatchNorm;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A classifier as an ONNX file for other programs. The input {@code input} is {@code [N, 3, S, S]}, the output
 * {@code logits} is {@code [N, classes]}, with any batch. With preprocessing the input is pictures of any one size, bytes
 * {@code [N, H, W, 3]} of red, green and blue, and there are further outputs: {@code probabilities}, {@code [N, classes]},
 * and, with examples to compare with, {@code in_distribution}, {@code [N, 1]}: the largest cosine with one of them.
 *
 * @param program of one input and one output
 * @param weights every weight of the program by full name
 * @param metadata what the file says of itself: its {@code metadata_props}
 * @param keepsBatchNorm whether batch normalisation stays a step of its own; else it is folded into convolutions
 * @param pictures how a picture becomes the square, where the file does that; null where its user does
 * @param temperature what logits are divided by for the probabilities
 * @param examples features of length 1, {@code [M, D]}, or null for no such output
 */
public record OnnxExport(
        Program program,
        Map<String, HostTensor> weights,
        Map<String, String> metadata,
        boolean keepsBatchNorm,
        @Nullable InputGeometry pictures,
        double temperature,
        @Nullable HostTensor examples) {
    static final String INPUT = "input";
    static final String LOGITS = "logits";
    static final String PROBABILITIES = "probabilities";
    static final String IN_DISTRIBUTION = "in_distribution";
    /** How names begin of what compares pictures, which stays in float32. */
    static final String COMPARISON = "in_distribution.";

    /** How names begin of what makes a square of a picture; the network's are the same with it and without. */
    static final String PICTURE = "picture.";

    public OnnxExport {
        if (program.inputs().size() != 1 || program.outputs().size() != 1) {
            throw new IllegalArgumentException("expected a program of one input and one output, got "
                    + program.inputs().size() + " and " + program.outputs().size());
        }
        weights = Map.copyOf(weights);
        metadata = Map.copyOf(metadata);
    }

    /** Without preprocessing, batch normalisation folded, no metadata. */
    public static OnnxExport of(Program program, Map<String, HostTensor> weights) {
        return new OnnxExport(program, weights, Map.of(), false, null, 1, null);
    }

    public OnnxExport metadata(Map<String, String> other) {
        return new OnnxExport(program, weights, other, keepsBatchNorm, pictures, temperature, examples);
    }

    public OnnxExport keepingBatchNorm() {
        return new OnnxExport(program, weights, metadata, true, pictures, temperature, examples);
    }

    /** With the way from pictures of any size to the program's input, pixels 0..255. */
    public OnnxExport withPreprocessing(InputGeometry geometry) {
        Shape needed = Shape.batchOf(3, geometry.size(), geometry.size());
        if (!program.inputs().get(0).equals(needed)) {
            throw new IllegalArgumentException("expected a program that takes " + needed + ", got " + program.inputs());
        }
        return new OnnxExport(program, weights, metadata, keepsBatchNorm, geometry, temperature, examples);
    }

    /** With probabilities at a temperature, and {@code in_distribution} where there are examples; goes with preprocessing. */
    public OnnxExport judged(double other, @Nullable HostTensor compared) {
        return new OnnxExport(program, weights, metadata, keepsBatchNorm, pictures, other, compared);
    }

    /** The version of ONNX's operators that the file is written for, unless nodes from another file need theirs. */
    public int opset() {
        return pictures == null ? OnnxGraph.OPSET : PictureNodes.OPSET;
    }

    /** The file's content: the same export gives the same bytes. */
    public byte[] bytes() {
        ModelProto.Builder model = model().setProducerVersion(GraftVersion.get());
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build().toByteArray();
    }

    private ModelProto.Builder model() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("graft");
        OnnxOps ops = new OnnxOps(graph);
        String pixels = INPUT;
        if (pictures == null) {
            graph.addInput(OnnxGraph.value(INPUT, batch(program.inputs().get(0))));
        } else {
            graph.addInput(anyPictures());
            ops.begin(PICTURE);
            pixels = new PictureNodes(ops, pictures).square(INPUT);
            ops.begin("");
        }
        List<String> values = values(ops, pixels);
        String logits = values.get(0);
        Shape shape = batch(program.shapeOf(program.outputs().get(0)));
        output(graph, logits, LOGITS, shape);
        if (pictures != null) {
            String scaled = temperature == 1 ? logits : ops.multiply(logits, ops.scalar((float) (1 / temperature)));
            output(graph, ops.softmax(scaled, 1), PROBABILITIES, shape);
            if (examples != null) {
                ops.begin(COMPARISON);
                String inDistribution = inDistribution(ops, values.get(1), examples);
                output(graph, inDistribution, IN_DISTRIBUTION, batch(Shape.batchOf(1)));
            }
        }
        return ops.model(opset());
    }

    /** Nodes from another file may have been written for one picture at a time. */
    private Shape batch(Shape shape) {
        return takesAnyBatch() ? shape : shape.withBatch(1);
    }

    /** Whether it has nodes from another file, which are written as they are. */
    public boolean isForeign() {
        return program.steps().stream().anyMatch(step -> step.layer() instanceof ForeignGraph);
    }

    /** Whether the file takes any number of pictures at once, else one. */
    public boolean takesAnyBatch() {
        return program.steps().stream()
                .noneMatch(step -> step.layer() instanceof ForeignGraph foreign && !foreign.anyBatch());
    }

    /** The logits, and the features where they are compared. */
    private List<String> values(OnnxOps ops, String pixels) {
        Program asked = examples == null ? program : Penultimate.of(program).orElseThrow();
        FoldedBatchNorm computed =
                keepsBatchNorm ? new FoldedBatchNorm(asked, weights) : FoldedBatchNorm.of(asked, weights);
        return computed.program()
                .infer(
                        ops,
                        name -> ops.constant(
                                name, Objects.requireNonNull(computed.weights().get(name), name)),
                        List.of(pixels));
    }

    private static String inDistribution(OnnxOps ops, String features, HostTensor examples) {
        int width = examples.shape().size(1);
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        String squares = ops.linear(
                ops.multiply(features, features),
                ops.constant(COMPARISON + "ones", HostTensor.of(Shape.of(1, width), ones)),
                null);
        String length = ops.add(ops.node("Sqrt", List.of(squares)));
        String products = ops.linear(features, ops.constant(COMPARISON + "examples", examples), null);
        String largest = ops.add(ops.node("ReduceMax", List.of(products, ops.integers(1))));
        return ops.add(ops.node("Div", List.of(largest, length)));
    }

    private static void output(GraphProto.Builder graph, String value, String name, Shape shape) {
        graph.addNode(
                NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(name));
        graph.addOutput(OnnxGraph.value(name, shape));
    }

    private ValueInfoProto anyPictures() {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        sizes.addDim(
                takesAnyBatch()
                        ? TensorShapeProto.Dimension.newBuilder().setDimParam("N")
                        : TensorShapeProto.Dimension.newBuilder().setDimValue(1));
        sizes.addDimBuilder().setDimParam("H");
        sizes.addDimBuilder().setDimParam("W");
        sizes.addDimBuilder().setDimValue(3);
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.UINT8.getNumber())
                .setShape(sizes);
        return ValueInfoProto.newBuilder()
                .setName(INPUT)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
