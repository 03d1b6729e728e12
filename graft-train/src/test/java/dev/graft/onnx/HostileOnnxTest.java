package dev.graft.onnx;

import static dev.graft.onnx.ForeignFiles.channelsFirst;
import static dev.graft.onnx.ForeignFiles.model;
import static dev.graft.onnx.ForeignFiles.node;
import static dev.graft.onnx.ForeignFiles.read;
import static dev.graft.onnx.ForeignFiles.value;
import static dev.graft.onnx.ForeignFiles.weight;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.graft.GraftException;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.testing.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no networks for pictures, or no networks, are refused in a line. */
@Tag("slow")
class HostileOnnxTest {
    private static final byte[] TINY = ForeignFiles.bytes("tiny_13.onnx");

    private static byte[] bytes(GraphProto.Builder graph) {
        return model(13, graph).build().toByteArray();
    }

    private static void refused(GraphProto.Builder graph, String... parts) {
        Refusals.refused(() -> read(bytes(graph)).cut(), parts);
    }

    @Test
    void unknownNamesGetTheNearest() {
        OnnxBackbone file = read(TINY);
        Refusals.refused(() -> file.cut("/Flaten", 16), "no node or value '/Flaten'; did you mean '/Flatten'?");
        Refusals.refused(
                () -> file.cut("layer4", 16), "no node or value 'layer4'; without cut it is '/Relu_1_output_0'");
        Refusals.refused(() -> file.cut("x", 16), "cannot be cut at 'x', which no node computes");
        Refusals.refused(() -> file.cut("fc1.weight", 16), "cannot be cut at 'fc1.weight'");
        Refusals.refused(() -> file.cut("a\u001b[31m\nb", 16), "no node or value 'a?[31m?b'");
    }

    @Test
    void otherInputsThanOnePictureAreRefused() {
        refused(
                channelsFirst().setInput(0, value("x", DataType.FLOAT, 1, 1, 8, 8)),
                "its input is 'x' [1, 1, 8, 8], expected pictures of three channels");
        refused(
                channelsFirst().setInput(0, value("x", DataType.FLOAT, 1, 3, 8, 9)),
                "expected one picture at a time, square");
        refused(channelsFirst().setInput(0, value("x", DataType.FLOAT, 4, 3, 8, 8)), "one picture at a time");
        refused(channelsFirst().setInput(0, value("x", DataType.FLOAT, 1, 24)), "'x' [1, 24], expected pictures");
        refused(
                channelsFirst().setInput(0, value("x", DataType.UINT8, 1, 3, 8, 8)),
                "'x' [1, 3, 8, 8] is of UINT8, expected FLOAT");
        refused(channelsFirst().clearOutput(), "it has no outputs");
        GraphProto.Builder constant = GraphProto.newBuilder()
                .addInitializer(weight("w", 1, 4))
                .addOutput(value("y", DataType.FLOAT, 1, 4))
                .addNode(node("Relu", "y", "w"));
        refused(constant, "'y' does not depend on the picture");
    }

    @Test
    void valuesThatAreNoFeaturesAreRefused() {
        refused(
                channelsFirst().setOutput(0, value("size", DataType.INT64, 4)).addNode(node("Shape", "size", "map")),
                "'size' is INT64 [4] for one picture, expected floats");
        GraphProto.Builder unknown = channelsFirst().setOutput(0, value("y", DataType.FLOAT, 1));
        refused(unknown.addNode(node("Sorcery", "y", "map")), "ONNX Runtime does not run it up to 'y'");
    }

    @Test
    void nothingOutsideOfTheFileIsReached() {
        TensorProto.Builder outside = weight("m.weight", 8, 8)
                .setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("elsewhere.bin"));
        GraphProto.Builder external = channelsFirst().setInitializer(0, outside);
        Refusals.refused(
                () -> read(bytes(external)), "some.onnx: weight 'm.weight' lies in another file, 'elsewhere.bin'");
        AttributeProto.Builder value = AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(outside);
        GraphProto.Builder inside =
                GraphProto.newBuilder().addNode(node("Constant", "c").addAttribute(value));
        Refusals.refused(() -> read(bytes(inside)), "lies in another file, 'elsewhere.bin'");
        AttributeProto.Builder branch = AttributeProto.newBuilder()
                .setName("then_branch")
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(inside);
        GraphProto.Builder deep = channelsFirst().addNode(node("If", "c", "map").addAttribute(branch));
        Refusals.refused(() -> read(bytes(deep)), "lies in another file, 'elsewhere.bin'");
        GraphProto.Builder custom =
                channelsFirst().addNode(node("Load", "c", "map").setDomain("evil.ops"));
        Refusals.refused(() -> read(bytes(custom)), "node 'c_node' is of the domain 'evil.ops', which is not run");
    }

    @Test
    void weightsOfOtherSizesThanTheySayAreRefused() {
        for (TensorProto.Builder tensor : new TensorProto.Builder[] {
            weight("m.weight", 8, 8).setDims(0, 9),
            weight("m.weight", 8, 8).setDims(0, -8).setDims(1, -8),
            weight("m.weight", 8, 8).setDims(0, 1L << 40).setDims(1, 1L << 40),
            weight("m.weight", 8, 8).addDims(1L << 62).addDims(4),
            TensorProto.newBuilder(weight("m.weight", 8, 8).build()).addAllDims(List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L))
        }) {
            try {
                read(bytes(channelsFirst().setInitializer(0, tensor))).cut();
                throw new AssertionError("taken: " + tensor.getDimsList());
            } catch (GraftException refused) {
                assertThat(refused.getMessage()).startsWith("some.onnx: ").doesNotContain("\n");
            }
        }
    }

    @Test
    void whatIsNoFileOfOnnxIsRefused(@TempDir Path folder) throws IOException {
        for (String text : new String[] {"", "x", "ir_version: 8\ngraph {\n}\n", "PK\u0003\u0004 zip"}) {
            Refusals.refused(() -> read(text.getBytes(StandardCharsets.UTF_8)), "some.onnx: not an ONNX file");
        }
        Refusals.refused(() -> OnnxBackbone.read(folder), "expected an ONNX file, found a folder");
        Refusals.refused(() -> OnnxBackbone.read(folder.resolve("a")), "expected an ONNX file, found no such file");
        for (int length = 1; length < TINY.length - 100; length += 101) {
            byte[] part = Arrays.copyOf(TINY, length);
            Refusals.refused(() -> read(part), "some.onnx: not an ONNX file");
        }
        Refusals.refused(() -> read(model(6, channelsFirst()).build().toByteArray()), "version 6", "oldest that runs");
        Refusals.refused(
                () -> read(model(999, channelsFirst()).build().toByteArray()).cut(), "ONNX Runtime does not");
    }

    /** Four million empty nodes are 8 MB of a file and would be half a gigabyte of memory. */
    @Test
    void filesThatUnfoldAreRefusedBeforeTheyDo() {
        byte[] head = ModelProto.newBuilder().setIrVersion(8).build().toByteArray();
        int nodes = (int) OnnxSize.MOST_FIELDS + 1;
        byte[] file = new byte[head.length + 6 + 2 * nodes];
        System.arraycopy(head, 0, file, 0, head.length);
        int at = head.length;
        file[at++] = GraphField.TAG;
        for (int length = 2 * nodes; ; length >>>= 7) {
            file[at++] = (byte) (length > 0x7f ? length & 0x7f | 0x80 : length);
            if (length <= 0x7f) {
                break;
            }
        }
        for (int node = 0; node < nodes; node++) {
            file[at + 2 * node] = (byte) (GraphProto.NODE_FIELD_NUMBER << 3 | 2);
        }
        byte[] whole = Arrays.copyOf(file, at + 2 * nodes);
        Refusals.refused(() -> read(whole), "more than " + OnnxSize.MOST_FIELDS + " fields");
    }

    private static final class GraphField {
        static final byte TAG = (byte) (ModelProto.GRAPH_FIELD_NUMBER << 3 | 2);
    }

    /** Neither a file nor the nodes in a bundle throw anything else, whatever is in them; nothing of it runs here. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void mutantsAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        int[] outcomes = new int[2];
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int mutant = 0; mutant < 3000; mutant++) {
                byte[] file = mutate(random);
                outcomes[sound(() -> read(file).standardCut(), seed, mutant) ? 0 : 1]++;
                sound(() -> write(file), seed, mutant);
            }
        });
        assertThat(outcomes[0]).as("read").isGreaterThan(100);
        assertThat(outcomes[1]).as("refused").isGreaterThan(100);
    }

    private static boolean sound(Runnable action, long seed, int mutant) {
        try {
            action.run();
            return true;
        } catch (GraftException refused) {
            assertThat(refused.getMessage()).doesNotContain("\n");
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ", mutant " + mutant, e);
        }
    }

    private static void write(byte[] nodes) {
        String graph = Base64.getEncoder().encodeToString(nodes);
        Node input = Node.input(3, 16, 16);
        ForeignGraph layer = new ForeignGraph(16, 16, 4, Map.of(), true, graph);
        Network network = Network.of(Model.of("m", input, input.then("graph", layer)), 1);
        OnnxGraph.of(network.program(), network.weights());
    }

    private static byte[] mutate(Random random) {
        byte[] file = TINY.clone();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            int at = random.nextInt(file.length);
            switch (random.nextInt(3)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt();
                default -> file[at] = (byte) 0xff;
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
    }
}
