package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxSessionTest {
    private static final Shape PICTURE = Shape.batchOf(3, 16, 16);

    private static Network network() {
        Node input = Node.input(PICTURE);
        Node output = input.then("conv", Conv2D.of(8, 3).stride(2).padding(1).noBias())
                .then("bn", BatchNormalization.of(1e-3))
                .then("act", Activation.of(Activation.Kind.HARD_SWISH))
                .then("depthwise", Conv2D.of(8, 5).groups(8).padding(2))
                .then("gelu", Activation.of(Activation.Kind.GELU))
                .then("pool", GlobalAveragePooling2D.of())
                .then("drop", Dropout.of(0.5))
                .then("fc", Dense.of(10));
        Network network = Network.of(Model.of("net", input, output), 3);
        network.setWeights(Formula.weights(network.weightShapes(), 2));
        return network;
    }

    private static OnnxGraph graph() {
        Network network = network();
        return OnnxGraph.of(network.program(), network.weights());
    }

    @Test
    void theSameProgramAndWeightsGiveTheSameBytes() {
        assertThat(graph().bytes()).isEqualTo(graph().bytes());
        Network other = network();
        other.setWeights(Map.of("fc.bias", HostTensor.allocate(Shape.of(10))));
        assertThat(OnnxGraph.of(other.program(), other.weights()).bytes()).isNotEqualTo(graph().bytes());
    }

    @Test
    void theEnginesAgree() {
        HostTensor input = Formula.input(PICTURE.withBatch(4));
        Close.toScale(1e-5).check("output", Engines.onnx(network(), input), Engines.torch(network(), input));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBatchGivesTheBitsOfItsPicturesAlone(int threads) {
        HostTensor batch = Formula.input(PICTURE.withBatch(3));
        try (var session = OnnxSession.open(graph(), threads)) {
            HostTensor together = session.run(List.of(batch)).get(0);
            for (int picture = 0; picture < 3; picture++) {
                HostTensor alone = session.run(List.of(item(batch, picture))).get(0);
                assertThat(alone.sameBits(item(together, picture)))
                        .as("picture %s", picture)
                        .isTrue();
            }
        }
    }

    @Test
    void fourThreadsAtOnceGetTheNumbersOfOne() throws Exception {
        List<HostTensor> inputs = IntStream.range(1, 9)
                .mapToObj(batch -> Formula.input(PICTURE.withBatch(batch)))
                .toList();
        try (var session = OnnxSession.open(graph(), 1)) {
            List<HostTensor> expected = inputs.stream()
                    .map(input -> session.run(List.of(input)).get(0))
                    .toList();
            var threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<Boolean>> runs = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    int index = i % inputs.size();
                    runs.add(
                            () -> session.run(List.of(inputs.get(index))).get(0).sameBits(expected.get(index)));
                }
                for (Future<Boolean> same : threads.invokeAll(runs)) {
                    assertThat(same.get()).isTrue();
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    /** Files are mapped read-only and hold their own byte order. */
    @Test
    void inputsMayBeInAnyMemory() {
        HostTensor input = Formula.input(PICTURE.withBatch(2));
        try (var session = OnnxSession.open(graph(), 1)) {
            HostTensor expected = session.run(List.of(input)).get(0);
            for (FloatBuffer buffer : List.of(
                    FloatBuffer.wrap(input.toArray()),
                    input.values().asReadOnlyBuffer(),
                    direct(input, ByteOrder.BIG_ENDIAN),
                    direct(input, ByteOrder.LITTLE_ENDIAN))) {
                HostTensor same = new HostTensor(input.shape(), buffer);
                assertThat(session.run(List.of(same)).get(0).sameBits(expected))
                        .as("%s %s", buffer, buffer.order())
                        .isTrue();
            }
        }
    }

    @Test
    void resultsGoIntoTheCallersMemoryIfItIsDirect() {
        HostTensor input = Formula.input(PICTURE.withBatch(2));
        try (var session = OnnxSession.open(graph(), 1)) {
            HostTensor result = HostTensor.allocate(Shape.of(2, 10));
            session.run(List.of(input), List.of(result));
            assertThat(result.sameBits(session.run(List.of(input)).get(0))).isTrue();
            HostTensor array = HostTensor.of(Shape.of(2, 10), new float[20]);
            assertThatThrownBy(() -> session.run(List.of(input), List.of(array)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("direct memory");
        }
    }

    @Test
    void inputsThatAreOutputsAndOutputsThatAreTwiceAreNamedApart() {
        Node input = Node.input(3);
        Node other = Node.input(3);
        Node relu = input.then("relu", Activation.relu());
        Network network = Network.of(Model.of("net", List.of(input, other), List.of(other, relu, relu)), 1);
        HostTensor first = HostTensor.of(Shape.of(1, 3), -1, 0, 2);
        HostTensor second = HostTensor.of(Shape.of(1, 3), 7, -8, 9);
        List<HostTensor> outputs = Engines.onnx(network.program(), Map.of(), List.of(first, second));
        assertThat(outputs.stream().map(HostTensor::toArray))
                .containsExactly(new float[] {7, -8, 9}, new float[] {0, 0, 2}, new float[] {0, 0, 2});
    }

    @Test
    void aGraphThatIsNoneIsRefusedInOurWords() {
        OnnxGraph good = graph();
        byte[] half = Arrays.copyOf(good.bytes(), good.bytes().length / 2);
        assertThatThrownBy(() -> OnnxSession.open(new OnnxGraph(half, good.inputs(), good.outputs()), 1))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("ONNX Runtime: the graph was refused");
    }

    @Test
    void inputsThatDoNotFitAreRefusedInOurWords() {
        try (var session = OnnxSession.open(graph(), 1)) {
            for (List<HostTensor> inputs : List.of(
                    List.of(Formula.input(Shape.of(1, 3, 16, 15))),
                    List.of(Formula.input(Shape.of(1, 3, 16))),
                    List.of(Formula.input(Shape.of(1, 3, 16, 16)), Formula.input(Shape.of(1, 1))))) {
                assertThatThrownBy(() -> session.run(inputs))
                        .as("%s", inputs.stream().map(HostTensor::shape).toList())
                        .isInstanceOf(GraftException.class)
                        .hasMessageStartingWith("ONNX Runtime: a run failed");
            }
        }
    }

    private static HostTensor item(HostTensor batch, int index) {
        int size = (int) batch.shape().itemElements();
        return new HostTensor(
                batch.shape().withBatch(1),
                batch.values().position(index * size).limit((index + 1) * size));
    }

    private static FloatBuffer direct(HostTensor host, ByteOrder order) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(host.elements() * Float.BYTES)
                .order(order)
                .asFloatBuffer();
        buffer.duplicate().put(host.values());
        return buffer;
    }
}
