package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Close;
import dev.graft.testing.DoubleNetwork;
import dev.graft.testing.Engines;
import dev.graft.testing.Fingerprint;
import dev.graft.testing.Formula;
import dev.graft.testing.Numbers;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Probe;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.train.LiveNetwork;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One or two of each family with weights by formula: torchvision's or Keras' numbers at every stage, and its gradients. */
@Tag("slow")
class ZooParityTest {
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

    /** As training runs it; its gradients may take another slope at a bend, so they are compared below. */
    @ParameterizedTest
    @MethodSource("names")
    void libtorchGivesEveryStageAndTheLogits(String name) {
        ZooCase each = ZooCase.named(name);
        Network network = each.network();
        check(each, Engines.torch(network.program(), network.weights(), List.of(each.input())));
    }

    /** Gradients through normalisations that keep their statistics, as fine-tuning has them; all in float64. */
    @ParameterizedTest
    @MethodSource("names")
    void libtorchGivesTheGradients(String name) {
        ZooCase each = ZooCase.named(name);
        Network network = each.network();
        try (var loaded = new DoubleNetwork(network);
                var scope = Scope.open()) {
            List<Tensor> outputs = loaded.run(false, each.input());
            check(each, outputs.stream().map(Probe::numbers).toList(), Fingerprint.DOUBLE);
            Tensor logits = outputs.get(outputs.size() - 1);
            Probe.dot(logits, Formula.input(logits.shape())).backward();
            at(each.json(), "gradients")
                    .fields()
                    .forEachRemaining(weight -> Fingerprint.DOUBLE.checkGradient(
                            "gradient of " + weight.getKey(), loaded.gradient(weight.getKey()), weight.getValue()));
            for (String weight : network.trainableWeights()) {
                assertThat(loaded.gradient(weight).l2()).as(weight).isPositive();
            }
        }
    }

    /** The same of a network as a trainer holds it, with normalisations folded, in float64. */
    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18"})
    void aLiveNetworkInDoubleGivesTheGradients(String name) {
        ZooCase each = ZooCase.named(name);
        try (var live = LiveNetwork.open(each.network(), DoubleNetwork.ENGINE);
                var tape = GradientScope.open(live.engine())) {
            List<Tensor> outputs = live.call(List.of(each.input()), false);
            check(each, outputs.stream().map(Probe::numbers).toList(), Fingerprint.DOUBLE);
            Tensor logits = outputs.get(outputs.size() - 1);
            tape.backward(Probe.dot(logits, Formula.input(logits.shape())));
            at(each.json(), "gradients").fields().forEachRemaining(weight -> {
                Tensor gradient = Objects.requireNonNull(tape.gradient(live.weight(weight.getKey())));
                Fingerprint.DOUBLE.checkGradient(weight.getKey(), Probe.numbers(gradient), weight.getValue());
            });
        }
    }

    private static void check(ZooCase each, List<HostTensor> outputs) {
        check(each, outputs.stream().map(Numbers::of).toList(), Fingerprint.SINGLE);
        LOGITS.check("logits", outputs.get(outputs.size() - 1), each.logits());
    }

    private static void check(ZooCase each, List<Numbers> outputs, Fingerprint fingerprint) {
        List<String> stages = each.stages();
        assertThat(stages).hasSizeGreaterThanOrEqualTo(5);
        for (int i = 0; i < stages.size(); i++) {
            String stage = stages.get(i);
            fingerprint.checkSample(stage, outputs.get(i), at(at(each.json(), "stages"), stage));
        }
        assertThat(each.backbone().featureMap()).isEqualTo(each.lastLayer(stages.get(stages.size() - 1)));
    }
}
