package dev.graft.onnx;

import static dev.graft.onnx.OnnxAttributes.integer;
import static dev.graft.onnx.OnnxAttributes.ints;
import static dev.graft.onnx.OnnxAttributes.real;
import static dev.graft.onnx.OnnxAttributes.text;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import dev.graft.tensor.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The operations of layers, written as nodes of an ONNX graph; a value is its name in the graph. */
final class OnnxOps implements Ops<String> {
    private final GraphProto.Builder graph;
    private String prefix = "";
    private final Set<String> initializers = new HashSet<>();
    private final ForeignGraphs foreign;
    private int needed = OnnxOpsets.OLDEST;
    private int count;

    OnnxOps(GraphProto.Builder graph) {
        this.graph = graph;
        this.foreign = new ForeignGraphs(graph);
    }

    /** What is added from now on has names that begin so, and is counted from 0. */
    void begin(String other) {
        prefix = other;
        count = 0;
    }

    /** The graph as a model, for this version of ONNX's operators unless nodes from a file need another. */
    ModelProto.Builder model(int opset) {
        return ModelProto.newBuilder()
                .setIrVersion(foreign.irVersion())
                .setProducerName("graft")
                .addAllOpsetImport(foreign.imports(opset, needed))
                .setGraph(graph);
    }

    /** A constant of the graph, added once. */
    String constant(String ownName, HostTensor values) {
        String name = prefix + ownName;
        if (initializers.add(name)) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(values.elements() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values.values());
            TensorProto.Builder tensor = TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.FLOAT.getNumber())
                    .setRawData(ByteString.copyFrom(bytes));
            for (int size : values.shape().sizes()) {
                tensor.addDims(size);
            }
            graph.addInitializer(tensor);
        }
        return name;
    }

    @Override
    public String conv2d(String x, String weight, @Nullable String bias, Window window, int groups) {
        List<String> inputs = bias == null ? List.of(x, weight) : List.of(x, weight, bias);
        NodeProto.Builder node = node("Conv", inputs);
        slide(node, window);
        node.addAttribute(ints("dilations", window.dilation(), window.dilation()));
        return add(node.addAttribute(integer("group", groups)));
    }

    @Override
    public String linear(String x, String weight, @Nullable String bias) {
        List<String> inputs = bias == null ? List.of(x, weight) : List.of(x, weight, bias);
        return add(node("Gemm", inputs).addAttribute(integer("transB", 1)));
    }

    @Override
    public String batchNorm(String x, String gamma, String beta, String mean, String variance, double epsilon) {
        return add(node("BatchNormalization", List.of(x, gamma, beta, mean, variance))
                .addAttribute(real("epsilon", epsilon)));
    }

    @Override
    public String batchNormTraining(
            String x, String gamma, String beta, String mean, String variance, double epsilon, double momentum) {
        throw trainingOnly("batch statistics");
    }

    @Override
    public String layerNorm(String x, String gamma, String beta, double epsilon) {
        return add(node("LayerNormalization", List.of(x, gamma, beta))
                .addAttribute(integer("axis", -1))
                .addAttribute(real("epsilon", epsilon)));
    }

    @Override
    public String relu(String x) {
        return add(node("Relu", List.of(x)));
    }

    @Override
    public String relu6(String x) {
        return add(node("Clip", List.of(x, scalar(0), scalar(6))));
    }

    @Override
    public String hardSigmoid(String x) {
        return add(node("HardSigmoid", List.of(x))
                .addAttribute(real("alpha", 1.0 / 6))
                .addAttribute(real("beta", 0.5)));
    }

    @Override
    public String hardSwish(String x) {
        // Not the operator HardSwish, for the reason that LocaleProof gives.
        return multiply(x, hardSigmoid(x));
    }

    @Override
    public String sigmoid(String x) {
        return add(node("Sigmoid", List.of(x)));
    }

    @Override
    public String tanh(String x) {
        return add(node("Tanh", List.of(x)));
    }

    @Override
    public String silu(String x) {
        return multiply(x, sigmoid(x));
    }

    @Override
    public String gelu(String x) {
        String error = add(node("Erf", List.of(multiply(x, scalar((float) Math.sqrt(0.5))))));
        return multiply(multiply(x, add(error, scalar(1))), scalar(0.5f));
    }

    @Override
    public String unitLength(String x) {
        String lengths = add(node("ReduceL2", List.of(x)).addAttribute(ints("axes", -1)));
        return add(node("Div", List.of(x, add(node("Max", List.of(lengths, scalar(1e-12f)))))));
    }

    @Override
    public String logarithm(String x, double least) {
        return add(node("Log", List.of(add(node("Max", List.of(x, scalar((float) least)))))));
    }

    @Override
    public String keepLargest(String x, int count) {
        String largest = "v" + this.count++;
        graph.addNode(node("TopK", List.of(x, integers(count)))
                .setName("TopK." + largest)
                .addOutput(largest)
                .addOutput(largest + ".indices"));
        String last = slice(largest, 1, count - 1, 1);
        String low = add(node("Less", List.of(x, last)));
        return add(node("Where", List.of(low, scalar(-1e9f), x)));
    }

    @Override
    public String softmax(String x, int axis) {
        return add(node("Softmax", List.of(x)).addAttribute(integer("axis", axis)));
    }

    @Override
    public String maxPool(String x, Window window) {
        NodeProto.Builder node = node("MaxPool", List.of(x));
        slide(node, window);
        return add(node);
    }

    @Override
    public String averagePool(String x, Window window, boolean countPadding) {
        NodeProto.Builder node = node("AveragePool", List.of(x));
        slide(node, window);
        return add(node.addAttribute(integer("count_include_pad", countPadding ? 1 : 0)));
    }

    /** A mean over windows is linear in rows and in columns. ONNX has no such pooling. */
    @Override
    public String adaptiveAveragePool(String x, Shape input, int height, int width) {
        return resample(x, Matrices.evenWindows(input.size(2), height), Matrices.evenWindows(input.size(3), width));
    }

    @Override
    public String globalAveragePool(String x) {
        return add(node("GlobalAveragePool", List.of(x)));
    }

    @Override
    public String globalMaxPool(String x) {
        return add(node("GlobalMaxPool", List.of(x)));
    }

    @Override
    public String flatten(String x) {
        return add(node("Flatten", List.of(x)).addAttribute(integer("axis", 1)));
    }

    @Override
    public String reshape(String x, Shape to) {
        return add(node("Reshape", List.of(x, integers(to.sizes()))));
    }

    @Override
    public String permute(String x, int... order) {
        return add(node("Transpose", List.of(x)).addAttribute(ints("perm", order)));
    }

    @Override
    public String slice(String x, int axis, int from, int size) {
        return add(node("Slice", List.of(x, integers(from), integers(from + size), integers(axis))));
    }

    @Override
    public String repeat(String x, String like) {
        String batch = slice(add(node("Shape", List.of(like))), 0, 0, 1);
        String rest = slice(add(node("Shape", List.of(x))), 0, 1, Integer.MAX_VALUE - 1);
        return add(node("Expand", List.of(x, concatenate(List.of(batch, rest), 0))));
    }

    @Override
    public String attention(String query, String key, String value, int size) {
        String scaled = multiply(query, scalar((float) (1 / Math.sqrt(size))));
        String scores = matmul(scaled, permute(key, 0, 1, 3, 2));
        return matmul(softmax(scores, -1), value);
    }

    private String matmul(String a, String b) {
        return add(node("MatMul", List.of(a, b)));
    }

    @Override
    public String add(String a, String b) {
        return add(node("Add", List.of(a, b)));
    }

    @Override
    public String multiply(String a, String b) {
        return add(node("Mul", List.of(a, b)));
    }

    @Override
    public String concatenate(List<String> parts, int axis) {
        return add(node("Concat", parts).addAttribute(integer("axis", axis)));
    }

    @Override
    public String affine(String x, float[] scale, float[] offset) {
        int channels = scale.length;
        String factor = constant("constant." + count + ".scale", HostTensor.of(Shape.of(channels), scale));
        String summand = constant("constant." + count + ".offset", HostTensor.of(Shape.of(channels), offset));
        if (channels == 1) {
            return add(multiply(x, factor), summand);
        }
        // Unlike a product, batch normalisation spreads along the second axis whatever the rank is.
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        String mean = constant("constant.zeros." + channels, HostTensor.of(Shape.of(channels), new float[channels]));
        String variance = constant("constant.ones." + channels, HostTensor.of(Shape.of(channels), ones));
        return batchNorm(x, factor, summand, mean, variance, 0);
    }

    @Override
    public String dropout(String x, double rate) {
        throw trainingOnly("dropout");
    }

    @Override
    public String resize(String x, Shape from, Shape to, Interpolation interpolation) {
        if (interpolation == Interpolation.NEAREST) {
            String rows = pick(x, 2, Interpolation.nearestSources(from.size(2), to.size(2)));
            return pick(rows, 3, Interpolation.nearestSources(from.size(3), to.size(3)));
        }
        // The sizes name every axis, and the batch is not known before the graph runs.
        String shape = add(node("Shape", List.of(x)));
        String outer = add(node("Slice", List.of(shape, integers(0), integers(2))));
        String sizes = add(
                node("Concat", List.of(outer, integers(to.size(2), to.size(3)))).addAttribute(integer("axis", 0)));
        return add(node("Resize", List.of(x, "", "", sizes))
                .addAttribute(text("mode", "linear"))
                .addAttribute(text("coordinate_transformation_mode", "half_pixel")));
    }

    private String pick(String x, int axis, int[] indices) {
        return add(node("Gather", List.of(x, integers(indices))).addAttribute(integer("axis", axis)));
    }

    @Override
    public String resample(String x, HostTensor rows, HostTensor columns) {
        String left = constant("constant." + count + ".rows", rows);
        String right = constant("constant." + count + ".columns", Matrices.transposed(columns));
        return matmul(left, matmul(x, right));
    }

    @Override
    public String crop(String x, int top, int left, int height, int width) {
        return add(
                node("Slice", List.of(x, integers(top, left), integers(top + height, left + width), integers(2, 3))));
    }

    @Override
    public long draw() {
        throw new GraftException("random numbers are for training, and an ONNX graph is for prediction; draw them in"
                + " training calls only");
    }

    @Override
    public String onHost(String x, UnaryOperator<HostTensor> function) {
        throw new GraftException(
                "functions of the JVM are for training, and an ONNX graph is for prediction; apply them"
                        + " in training calls only");
    }

    @Override
    public String dropExamples(String x, double rate) {
        throw trainingOnly("stochastic depth");
    }

    @Override
    public String graph(String x, byte[] model, Map<String, String> weights) {
        return foreign.inline(x, model, weights);
    }

    String scalar(float value) {
        return constant("constant." + value, HostTensor.of(Shape.of(), value));
    }

    /** A list of whole numbers as a constant, added once. */
    String integers(int... values) {
        String name = prefix + "integers."
                + IntStream.of(values).mapToObj(String::valueOf).collect(Collectors.joining("."));
        if (initializers.add(name)) {
            TensorProto.Builder tensor = TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.INT64.getNumber())
                    .addDims(values.length);
            IntStream.of(values).forEach(tensor::addInt64Data);
            graph.addInitializer(tensor);
        }
        return name;
    }

    private static IllegalStateException trainingOnly(String what) {
        return new IllegalStateException(what + " in an exported graph: ONNX graphs are for inference");
    }

    NodeProto.Builder node(String type, List<String> inputs) {
        return NodeProto.newBuilder().setOpType(type).addAllInput(inputs);
    }

    String add(NodeProto.Builder node) {
        String name = prefix + "v" + count++;
        needed = Math.max(needed, OnnxOpsets.needed(node));
        graph.addNode(node.setName(node.getOpType() + "." + name).addOutput(name));
        return name;
    }

    private static void slide(NodeProto.Builder node, Window window) {
        node.addAttribute(ints("kernel_shape", window.kernelHeight(), window.kernelWidth()))
                .addAttribute(ints("strides", window.stride(), window.stride()))
                .addAttribute(ints("pads", window.top(), window.left(), window.bottom(), window.right()));
    }
}
