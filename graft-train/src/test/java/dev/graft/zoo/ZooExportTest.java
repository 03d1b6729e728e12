package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Network;
import dev.graft.onnx.ExportedGraph;
import dev.graft.onnx.OnnxExport;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Engines;
import dev.graft.testing.Formula;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family of the zoo exports, with batch normalisation folded and kept, for batches of any size. */
@Tag("slow")
class ZooExportTest {
    private static final int CLASSES = 10;
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @MethodSource("dev.graft.zoo.ZooCase#names")
    void anExportGivesLibtorchsLogits(String name) {
        ZooCase each = ZooCase.named(name);
        Network network = Network.of(each.backbone().withTop(CLASSES), 1);
        OnnxExport folded = OnnxExport.of(network.program(), network.weights());
        HostTensor two = Formula.input(each.input().shape().withBatch(2));
        HostTensor expected = Engines.torch(network, two);
        check(name, expected, logits(folded, two));
        HostTensor one = HostTensor.of(two.shape().withBatch(1), two.rows().get(0));
        HostTensor first =
                HostTensor.of(expected.shape().withBatch(1), expected.rows().get(0));
        check(name, first, logits(folded.keepingBatchNorm(), one));
    }

    private static HostTensor logits(OnnxExport export, HostTensor input) {
        try (ExportedGraph graph = ExportedGraph.open(export.bytes())) {
            return graph.logits(input);
        }
    }

    private static void check(String name, HostTensor expected, HostTensor actual) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double scale = 1;
        double difference = 0;
        for (int i = 0; i < expected.elements(); i++) {
            scale = Math.max(scale, Math.abs(expected.get(i)));
            difference = Math.max(difference, Math.abs((double) expected.get(i) - actual.get(i)));
        }
        assertThat(difference / scale).as(name).isLessThan(TOLERANCE);
    }
}
