package dev.graft.onnx;

import static dev.graft.onnx.ForeignFiles.channelsFirst;
import static dev.graft.onnx.ForeignFiles.model;
import static dev.graft.onnx.ForeignFiles.node;
import static dev.graft.onnx.ForeignFiles.read;
import static dev.graft.onnx.ForeignFiles.value;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Activation;
import dev.graft.layers.Dense;
import dev.graft.layers.ForeignGraph;
import dev.graft.layers.LayerNormalization;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import dev.graft.testing.Reference;
import dev.graft.testing.Refusals;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of other exporters, cut, give what they give where they come from. */
class OnnxBackboneTest {
    private static final Close CLOSE = Close.toScale(1e-5);

    private static HostTensor expected(String name) {
        float[] numbers = Reference.floats(Reference.read("onnx_files.json").get(name));
        return HostTensor.of(Shape.of(1, numbers.length), numbers);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 11, 13, 16})
    void everyVersionGivesWhatTorchGives(int opset) {
        OnnxBackbone file = read(ForeignFiles.bytes("tiny_" + opset + ".onnx"));
        OnnxBackbone.Features standard = file.cut(file.standardCut(), 16);
        assertThat(standard.cut()).isEqualTo("/Relu_1_output_0");
        CLOSE.check("before the last dense layer", ForeignFiles.run(standard, 1), expected("features"));
        OnnxBackbone.Features map = file.cut("/Add", 16);
        assertThat(map.cut() + " " + map.shape()).isEqualTo("/Add_output_0 [1, 8, 8, 8]");
        CLOSE.check("a map", ForeignFiles.run(map, 1), expected("map_means"));
        assertThat(map.weights().keySet()).noneMatch(name -> name.contains("fc"));
        CLOSE.check("pooled", ForeignFiles.run(file.cut("/Flatten_output_0", 16), 1), expected("pooled"));
        CLOSE.check("all", ForeignFiles.run(file.cut("y", 16), 1), expected("output"));
        HostTensor several = ForeignFiles.run(standard, 3);
        CLOSE.check(
                "the first of three",
                several.rows().get(0),
                expected("features").toArray());
        assertThat(standard.weights()).containsKey("graph.fc1.weight");
    }

    @Test
    void aFileForOnePictureAtATimeIsKnownAsThat() {
        OnnxBackbone.Features features = read(ForeignFiles.bytes("fixed.onnx")).cut();
        CLOSE.check("fixed", ForeignFiles.run(features, 1), expected("fixed"));
        assertThat(layer(features).anyBatch()).isFalse();
        assertThat(layer(read(ForeignFiles.bytes("tiny_13.onnx")).cut("y", 16)).anyBatch())
                .isTrue();
    }

    private static ForeignGraph layer(OnnxBackbone.Features features) {
        return (ForeignGraph) Program.of(features.model()).steps().get(0).layer();
    }

    /** Against arithmetic: the mean over places of a matrix product, after a ReLU. */
    @Test
    void picturesAndMapsWithChannelsLastAreTurned() {
        OnnxBackbone.Features features = read(model(13, ForeignFiles.channelsLast())
                        .build()
                        .toByteArray())
                .cut();
        HostTensor picture = Formula.input(Shape.of(1, 3, 8, 8));
        HostTensor matrix = Formula.weight("m.weight", Shape.of(3, 5), 1);
        float[] means = new float[5];
        for (int place = 0; place < 64; place++) {
            for (int unit = 0; unit < 5; unit++) {
                double sum = 0;
                for (int channel = 0; channel < 3; channel++) {
                    sum += picture.get(channel * 64 + place) * matrix.get(channel * 5 + unit);
                }
                means[unit] += (float) (Math.max(sum, 0) / 64);
            }
        }
        CLOSE.check("means", ForeignFiles.run(features, 1), HostTensor.of(Shape.of(1, 5), means));
    }

    @Test
    void tokensBecomeTheirMean() {
        GraphProto.Builder graph = channelsFirst()
                .addInitializer(TensorProto.newBuilder()
                        .setName("to")
                        .setDataType(DataType.INT64_VALUE)
                        .addDims(3)
                        .addInt64Data(0)
                        .addInt64Data(24)
                        .addInt64Data(8))
                .addNode(node("Reshape", "tokens", "map", "to"));
        HostTensor tokens = ForeignFiles.run(read(bytes(graph)).cut("tokens", 8), 1);
        HostTensor map = Formula.input(Shape.of(1, 3, 8, 8));
        HostTensor matrix = Formula.weight("m.weight", Shape.of(8, 8), 1);
        float[] means = new float[8];
        for (int row = 0; row < 24; row++) {
            for (int unit = 0; unit < 8; unit++) {
                double sum = 0;
                for (int i = 0; i < 8; i++) {
                    sum += map.get(row * 8 + i) * matrix.get(i * 8 + unit);
                }
                means[unit] += (float) (Math.max(sum, 0) / 24);
            }
        }
        CLOSE.check("tokens", tokens, HostTensor.of(Shape.of(1, 8), means));
    }

    @Test
    void halvesStayHalves() {
        TensorProto.Builder halves = TensorProto.newBuilder()
                .setName("h.weight")
                .setDataType(DataType.FLOAT16_VALUE)
                .addDims(8)
                .addDims(1);
        for (int i = 0; i < 8; i++) {
            halves.addInt32Data(0x3c01);
        }
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(value("x", DataType.FLOAT16, 1, 3, 8, 8))
                .addOutput(value("y", DataType.FLOAT16, 1, 3, 8, 1))
                .addInitializer(halves)
                .addNode(node("MatMul", "product", "x", "h.weight"))
                .addNode(node("Flatten", "y", "product"));
        OnnxBackbone.Features features = read(bytes(graph)).cut();
        HostTensor actual = ForeignFiles.run(features, 1);
        HostTensor picture = Formula.input(Shape.of(1, 3, 8, 8));
        float[] sums = new float[24];
        for (int i = 0; i < 192; i++) {
            sums[i / 8] += picture.get(i) * (1 + 0x1p-10f);
        }
        Close.toScale(2e-3).check("halves", actual, HostTensor.of(Shape.of(1, 24), sums));
        HostTensor kept = Objects.requireNonNull(features.weights().get("graph.h.weight.float32"));
        assertThat(kept.get(0)).isEqualTo(1 + 0x1p-10f);
    }

    @ParameterizedTest
    @CsvSource({"9, 9", "13, 17", "16, 17"})
    void theGraphIsOfOneVersionThatKeepsTheMeaning(int opset, int expected) throws Exception {
        OnnxBackbone.Features features =
                read(ForeignFiles.bytes("tiny_" + opset + ".onnx")).cut("y", 16);
        byte[] graph = OnnxGraph.of(
                        Network.of(features.model(), features.weights(), 1).program(), features.weights())
                .bytes();
        // Clip has bounds for inputs from 11 on; Softmax of tiny_9 has its axis said, and still is read otherwise from
        // 13.
        assertThat(OnnxOpsets.of(ModelProto.parseFrom(graph))).isEqualTo(opset == 9 ? 9 : expected);
    }

    /** Lists that were attributes become inputs; the numbers stay. */
    @Test
    void nodesThatChangedTheirFormArePutInTheNewOne() throws Exception {
        GraphProto.Builder graph = channelsFirst()
                .addNode(node("ReduceMean", "mean", "map")
                        .addAttribute(OnnxAttributes.ints("axes", 2))
                        .addAttribute(OnnxAttributes.integer("keepdims", 1)))
                .addNode(node("Squeeze", "flat", "mean").addAttribute(OnnxAttributes.ints("axes", 2)))
                .addNode(node("Split", "left", "flat")
                        .addOutput("right")
                        .addAttribute(OnnxAttributes.integer("axis", 2))
                        .addAttribute(OnnxAttributes.ints("split", 5, 3)))
                .addNode(node("ReduceSum", "features", "left")
                        .addAttribute(OnnxAttributes.ints("axes", 1))
                        .addAttribute(OnnxAttributes.integer("keepdims", 0)));
        byte[] old = model(11, graph).build().toByteArray();
        OnnxBackbone.Features features = read(old).cut("features", 8);
        OnnxExport export = OnnxExport.of(Program.of(features.model()), features.weights())
                .withPreprocessing(InputGeometry.centerCrop(8));
        assertThat(OnnxOpsets.of(ModelProto.parseFrom(export.bytes()))).isEqualTo(18);
        byte[] picture = new byte[192];
        for (int i = 0; i < 192; i++) {
            picture[i] = (byte) i;
        }
        try (ExportedGraph newer = ExportedGraph.open(export.bytes())) {
            HostTensor matrix = Formula.weight("m.weight", Shape.of(8, 8), 1);
            float[] sums = new float[5];
            for (int unit = 0; unit < 5; unit++) {
                for (int row = 0; row < 24; row++) {
                    double product = 0;
                    for (int i = 0; i < 8; i++) {
                        int level = (row % 8 * 8 + i) * 3 + row / 8;
                        product += level * matrix.get(i * 8 + unit);
                    }
                    sums[unit] += (float) (Math.max(product, 0) / 8);
                }
            }
            CLOSE.check("raised", newer.answer(picture, 8, 8).logits(), HostTensor.of(Shape.of(1, 5), sums));
        }
    }

    @Test
    void layersThatAnOldVersionLacksAreRefusedWithIt() {
        OnnxBackbone.Features features = read(ForeignFiles.bytes("tiny_9.onnx")).cut("/Flatten", 16);
        Node input = Node.input(3, 16, 16);
        Node base = input.then("base", features.model());
        Network old = Network.of(Model.of("m", input, base.then("head", Dense.of(2))), features.weights("base."), 1);
        assertThat(Engines.onnx(old, Formula.input(Shape.of(2, 3, 16, 16))).shape())
                .isEqualTo(Shape.of(2, 2));
        Network normed = Network.of(
                Model.of("m", input, base.then("norm", LayerNormalization.of(1e-5))), features.weights("base."), 1);
        Refusals.refused(
                () -> OnnxGraph.of(normed.program(), normed.weights()),
                "of version 9",
                "17 is needed here, in which its Clip would mean something else");
    }

    @Test
    void nothingOfItTrainsAndLibtorchRefusesIt() {
        OnnxBackbone.Features features =
                read(ForeignFiles.bytes("tiny_13.onnx")).cut("/Flatten", 16);
        Node input = Node.input(3, 16, 16);
        Node base = input.then("act", Activation.relu()).then("base", features.model());
        Network network =
                Network.of(Model.of("m", input, base.then("head", Dense.of(2))), features.weights("base."), 1);
        network.setTrainable(true);
        assertThat(network.trainableWeights()).containsExactlyInAnyOrder("head.weight", "head.bias");
        assertThat(network.frozenWeights())
                .containsAll(features.weights("base.").keySet());
        assertThat(network.cut().suffix().steps()).hasSize(1);
        Refusals.refused(
                () -> Engines.torch(network, Formula.input(Shape.of(1, 3, 16, 16))),
                "base.graph",
                "run in ONNX Runtime only");
    }

    @Test
    void controlFlowComesAlong() {
        GraphProto.Builder branch = GraphProto.newBuilder()
                .setName("branch")
                .addOutput(value("kept", DataType.FLOAT, 1, 3, 8, 8))
                .addNode(node("Mul", "kept", "map", "two"));
        TensorProto two = TensorProto.newBuilder()
                .setName("two")
                .setDataType(DataType.FLOAT_VALUE)
                .addFloatData(2)
                .build();
        TensorProto yes = TensorProto.newBuilder()
                .setName("yes")
                .setDataType(DataType.BOOL_VALUE)
                .addInt32Data(1)
                .build();
        GraphProto.Builder graph = channelsFirst().addInitializer(two).addInitializer(yes);
        graph.addNode(node("If", "chosen", "yes")
                .addAttribute(attribute("then_branch", branch))
                .addAttribute(attribute("else_branch", branch)));
        HostTensor map = ForeignFiles.run(read(bytes(graph)).cut("map", 8), 1);
        HostTensor doubled = ForeignFiles.run(read(bytes(graph)).cut("chosen", 8), 1);
        for (int i = 0; i < map.elements(); i++) {
            assertThat(doubled.get(i)).isEqualTo(2 * map.get(i));
        }
    }

    private static AttributeProto.Builder attribute(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph);
    }

    /** Old files list weights among the inputs; what feeds only what is cut off is no input either. */
    @Test
    void onlyInputsThatAreNeededCount() {
        GraphProto.Builder graph = channelsFirst()
                .addInput(value("m.weight", DataType.FLOAT, 8, 8))
                .addInput(value("text", DataType.FLOAT, 1, 3, 8, 8))
                .addNode(node("Add", "both", "map", "text"));
        assertThat(read(bytes(graph)).cut("map", 8).shape()).isEqualTo("[1, 3, 8, 8]");
        Refusals.refused(() -> read(bytes(graph)).cut("both", 8), "it takes 2 inputs ('x', 'text')");
    }

    @Test
    void theSizeIsTheFilesOrTheCallers() {
        OnnxBackbone fixed = read(ForeignFiles.bytes("fixed.onnx"));
        assertThat(fixed.cut().size()).isEqualTo(16);
        Refusals.refused(() -> fixed.cut(fixed.standardCut(), 32), "takes pictures of 16 pixels only, got 32");
        GraphProto.Builder open = channelsFirst()
                .setInput(0, value("x", DataType.FLOAT, 0, 3, 0, 0))
                .clearNode()
                .addNode(node("GlobalAveragePool", "map", "x"));
        assertThat(read(bytes(open)).cut().size()).isEqualTo(224);
        assertThat(read(bytes(open)).cut("map", 32).size()).isEqualTo(32);
        Refusals.refused(() -> read(bytes(open)).cut("map", 100_000), "image-size: expected 1 to 4096");
    }

    private static byte[] bytes(GraphProto.Builder graph) {
        return model(13, graph).build().toByteArray();
    }
}
