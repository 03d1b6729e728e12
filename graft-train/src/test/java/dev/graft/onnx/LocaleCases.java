package dev.graft.onnx;

import static dev.graft.onnx.ForeignFiles.node;
import static dev.graft.onnx.ForeignFiles.value;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Files with operators that ONNX Runtime computes by the locale where it makes them of others. */
final class LocaleCases {
    static final int SIZE = 8;
    /** The pictures of the formula, which are between -1 and 1, times this reach all pieces of the functions. */
    static final int REACH = 4;

    private static final double FLOATS = 1e-5;
    private static final double HALVES = 2e-3;

    /**
     * One file.
     *
     * @param graph from {@code x} to a map {@code y}, element by element
     * @param meaning of an element and its column, by ONNX's definition
     * @param tolerance of a mean over a map
     */
    record Case(String name, int opset, GraphProto graph, DoubleBinaryOperator meaning, double tolerance) {
        byte[] file() {
            return ForeignFiles.model(opset, graph.toBuilder()).build().toByteArray();
        }

        /** What the features of a picture of the formula are. */
        float[] means() {
            HostTensor picture = Formula.input(Shape.of(1, 3, SIZE, SIZE));
            float[] means = new float[3];
            for (int channel = 0; channel < 3; channel++) {
                double sum = 0;
                for (int place = 0; place < SIZE * SIZE; place++) {
                    double x = REACH * picture.get(channel * SIZE * SIZE + place);
                    sum += meaning.applyAsDouble(x, place % SIZE);
                }
                means[channel] = (float) (sum / (SIZE * SIZE));
            }
            return means;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private LocaleCases() {}

    static List<Case> all() {
        NodeProto.Builder tanh = node("Gelu", "y", "wide").addAttribute(OnnxAttributes.text("approximate", "tanh"));
        return List.of(
                element("HardSwish", 14, node("HardSwish", "y", "wide"), LocaleCases::hardSwish),
                new Case("HardSwish in a branch", 14, branch(), (x, column) -> hardSwish(x), FLOATS),
                element("Gelu", 20, node("Gelu", "y", "wide"), LocaleCases::gelu),
                of("HardSwish", 14, node("HardSwish", "y", "wide"), DataType.FLOAT16, LocaleCases::hardSwish),
                of("Gelu", 20, node("Gelu", "y", "wide"), DataType.FLOAT16, LocaleCases::gelu),
                of("Gelu by tanh", 20, tanh, DataType.FLOAT16, LocaleCases::geluByTanh),
                of("Gelu by tanh", 20, tanh, DataType.DOUBLE, LocaleCases::geluByTanh),
                window("HannWindow", 0.5, 0.5, 0),
                window("HammingWindow", 25 / 46.0, 21 / 46.0, 0),
                window("BlackmanWindow", 0.42, 0.5, 0.08));
    }

    private static double hardSwish(double x) {
        return x * Math.max(0, Math.min(1, x / 6 + 0.5));
    }

    /** The normal distribution's integral by Simpson's rule. */
    private static double gelu(double x) {
        int steps = 1000;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = x * i / steps;
            sum += Math.exp(-t * t / 2) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
        }
        return x * (0.5 + sum * x / (3 * steps) / Math.sqrt(2 * Math.PI));
    }

    private static double geluByTanh(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static Case element(String name, int opset, NodeProto.Builder node, DoubleUnaryOperator meaning) {
        GraphProto.Builder graph = graph().addNode(node);
        return new Case(name, opset, graph.build(), (x, column) -> meaning.applyAsDouble(x), FLOATS);
    }

    private static Case of(String name, int opset, NodeProto.Builder node, DataType type, DoubleUnaryOperator meaning) {
        GraphProto.Builder graph = graph().addNode(cast("typed", type, "wide"))
                .addNode(node.clone().setName("some_node").setInput(0, "typed").setOutput(0, "some"))
                .addNode(cast("y", DataType.FLOAT, "some"));
        return new Case(name + " of " + type, opset, graph.build(), (x, column) -> meaning.applyAsDouble(x), HALVES);
    }

    private static Case window(String name, double mean, double once, double twice) {
        TensorProto.Builder size = TensorProto.newBuilder()
                .setName("size")
                .setDataType(DataType.INT64_VALUE)
                .addInt64Data(SIZE);
        GraphProto.Builder graph = graph().addInitializer(size)
                .addNode(node(name, "halves", "size")
                        .addAttribute(OnnxAttributes.integer("output_datatype", DataType.FLOAT16_VALUE)))
                .addNode(cast("floats", DataType.FLOAT, "halves"))
                .addNode(node("Mul", "y", "wide", "floats"));
        DoubleBinaryOperator meaning = (x, column) -> {
            double angle = 2 * Math.PI * column / SIZE;
            return x * (mean - once * Math.cos(angle) + twice * Math.cos(2 * angle));
        };
        return new Case(name + " of FLOAT16", 17, graph.build(), meaning, HALVES);
    }

    private static GraphProto branch() {
        TensorProto yes = TensorProto.newBuilder()
                .setName("yes")
                .setDataType(DataType.BOOL_VALUE)
                .addInt32Data(1)
                .build();
        return graph().addInitializer(yes)
                .addNode(node("If", "y", "yes")
                        .addAttribute(way("then_branch", "HardSwish"))
                        .addAttribute(way("else_branch", "Relu")))
                .build();
    }

    private static AttributeProto way(String name, String operator) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(GraphProto.newBuilder()
                        .setName(name)
                        .addOutput(value("out", DataType.FLOAT, 1, 3, SIZE, SIZE))
                        .addNode(node(operator, "out", "wide")))
                .build();
    }

    private static NodeProto.Builder cast(String output, DataType type, String input) {
        return node("Cast", output, input).addAttribute(OnnxAttributes.integer("to", type.getNumber()));
    }

    /** Without the node that gives {@code y} of {@code wide}. */
    static GraphProto.Builder graph() {
        return GraphProto.newBuilder()
                .setName("case")
                .addInput(value("x", DataType.FLOAT, 1, 3, SIZE, SIZE))
                .addOutput(value("y", DataType.FLOAT, 1, 3, SIZE, SIZE))
                .addInitializer(TensorProto.newBuilder()
                        .setName("reach")
                        .setDataType(DataType.FLOAT_VALUE)
                        .addFloatData(REACH))
                .addNode(node("Mul", "wide", "x", "reach"));
    }
}
