package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Network;
import dev.graft.tensor.Device;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Probe;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testing.Close;
import dev.graft.testing.Engines;
import dev.graft.testing.Fingerprint;
import dev.graft.testing.Formula;
import dev.graft.testing.LoadedNetwork;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One or two of each family with weights by formula: torchvision's or Keras' numbers at every stage, and its gradients. */
class ZooParityTest {
    private static final double OF_TYPICAL = 1e-5;
    private static final Close LOGITS = Close.toScale(1e-5);

    static Stream<String> names() {
        return ZooCase.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void onnxRuntimeGivesEveryStageAndTheLogits(String name) {
        ZooCase each = ZooCase.named(name);
        Network network = each.network();
        check(each, Engines.onnx(network.program(), network.weights(), List.of(each.input())));
    }

    /** Gradients through normalisations that keep their statistics, as fine-tuning has them; in double, as {@link Probe#inDouble} says. */
    @ParameterizedTest
    @MethodSource("names")
    void libtorchGivesEveryStageTheLogitsAndTheGradients(String name) {
        ZooCase each = ZooCase.named(name);
        Network network = each.network();
        try (var loaded = LoadedNetwork.inDouble(network);
                var scope = Scope.open()) {
            List<Tensor> outputs = loaded.run(false, Probe.inDouble(Tensor.of(each.input(), Device.CPU)));
            check(
                    each,
                    outputs.stream()
                            .map(output -> Probe.inFloat(output).toHost())
                            .toList());
            Tensor logits = outputs.get(outputs.size() - 1);
            Probe.dot(logits, Formula.input(logits.shape())).backward();
            at(each.json(), "gradients")
                    .fields()
                    .forEachRemaining(weight -> Fingerprint.checkGradient(
                            "gradient of " + weight.getKey(),
                            loaded.gradient(weight.getKey()),
                            weight.getValue(),
                            OF_TYPICAL));
            for (String weight : network.trainableWeights()) {
                assertThat(Fingerprint.of(loaded.gradient(weight)).l2())
                        .as(weight)
                        .isPositive();
            }
        }
    }

    private static void check(ZooCase each, List<HostTensor> outputs) {
        List<String> stages = each.stages();
        assertThat(stages).hasSizeGreaterThanOrEqualTo(5);
        for (int i = 0; i < stages.size(); i++) {
            String stage = stages.get(i);
            Fingerprint.checkSample(stage, outputs.get(i), at(at(each.json(), "stages"), stage), OF_TYPICAL);
        }
        LOGITS.check("logits", outputs.get(stages.size()), each.logits());
        assertThat(each.backbone().featureMap()).isEqualTo(each.lastLayer(stages.get(stages.size() - 1)));
    }
}
