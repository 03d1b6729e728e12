package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    private static Model model(boolean pinned) {
        Node inner = Node.input(3, 8, 8);
        Model body = Model.of(
                "body",
                inner,
                inner.then("stage.1", Conv2D.of(4, 3))
                        .then("stage.1.bn", BatchNormalization.of(1e-3))
                        .then("stage.10", Conv2D.of(4, 3))
                        .then("stage.10.bn", BatchNormalization.of(1e-3)));
        Node input = Node.input(3, 8, 8);
        Node features =
                input.then("body", pinned ? body.inInferenceMode() : body).then("pool", GlobalAveragePooling2D.of());
        return Model.of("net", input, features.then("head", Dense.of(2)));
    }

    private static Network network() {
        return Network.of(model(false), 42);
    }

    @ParameterizedTest(name = "''{0}'' freezes {1} layers")
    @CsvSource({"body.stage.1, 2", "body.stage.1.bn, 1", "body.stage.10, 2", "body.stage, 4", "body, 4", "head, 1"})
    void freezingIsRecursiveAndByWholeNames(String path, int layers) {
        Network network = network();
        network.layer(path).setTrainable(false);
        assertThat(network.program().steps().stream().filter(step -> !network.isTrainable(step)))
                .hasSize(layers)
                .allSatisfy(step -> assertThat(step.path()).startsWith(path));
        network.layer(path).setTrainable(true);
        assertThat(network.program().steps()).allMatch(network::isTrainable);
    }

    @Test
    void aPartOfWhatIsFrozenCanBeThawed() {
        Network network = network();
        network.setTrainable(false);
        network.layer("body.stage.10").setTrainable(true);
        assertThat(network.trainableWeights())
                .containsExactly(
                        "body.stage.10.weight",
                        "body.stage.10.bias",
                        "body.stage.10.bn.weight",
                        "body.stage.10.bn.bias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"body.stage.2", "bod", "head.weight", "."})
    void anUnknownLayerIsRefused(String path) {
        assertThatThrownBy(() -> network().layer(path).setTrainable(false))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("network 'net' has no layer '" + path + "'");
    }

    @Test
    void anUnknownNameSuggestsTheNearest() {
        assertThatThrownBy(() -> network().layer("haed").setTrainable(false))
                .hasMessageContaining("did you mean 'head'?");
        assertThatThrownBy(() -> network().weight("head.wieght"))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("did you mean 'head.weight'?");
    }

    /** Every weight is trained, or must not change, or is a statistic that moves; never two of these. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightsArePartedByWhatMayChangeThem(boolean pinned) {
        for (String frozen : Set.of("head", "body", "body.stage.1", "body.stage.10.bn")) {
            Network network = Network.of(model(pinned), 1);
            network.layer(frozen).setTrainable(false);
            Set<String> moving = new HashSet<>(network.weights().keySet());
            moving.removeAll(network.trainableWeights());
            moving.removeAll(network.frozenWeights());
            assertThat(Collections.disjoint(network.frozenWeights(), network.trainableWeights()))
                    .isTrue();
            assertThat(network.trainableWeights()).noneMatch(name -> name.contains("running"));
            assertThat(moving).allMatch(name -> !pinned && name.contains("running"));
            assertThat(network.frozenWeights())
                    .containsAll(network.weights().keySet().stream()
                            .filter(name -> frozen.isEmpty() || name.startsWith(frozen + "."))
                            .toList());
        }
    }

    @Test
    void statisticsMoveWhereTheyTrainAndAreFrozenWhereTheyAreKept() {
        String statistic = "body.stage.1.bn.running_mean";
        Network free = network();
        assertThat(free.frozenWeights()).doesNotContain(statistic);
        free.layer("body.stage.1.bn").setTrainable(false);
        assertThat(free.frozenWeights()).contains(statistic);
        Network pinned = Network.of(model(true), 1);
        assertThat(pinned.frozenWeights()).contains(statistic);
        assertThat(pinned.trainableWeights()).contains("body.stage.1.bn.weight");
    }

    @Test
    void theVersionChangesWithWhatIsTrainableAndOnlyThen() {
        Network network = network();
        long fresh = network.trainableVersion();
        network.layer("body").setTrainable(true);
        assertThat(network.trainableVersion()).isEqualTo(fresh);
        network.layer("body").setTrainable(false);
        long frozen = network.trainableVersion();
        assertThat(frozen).isNotEqualTo(fresh);
        network.layer("body.stage.1").setTrainable(false);
        assertThat(network.trainableVersion()).isEqualTo(frozen);
        network.layer("body.stage.1").setTrainable(true);
        assertThat(network.trainableVersion()).isNotEqualTo(frozen).isNotEqualTo(fresh);
    }

    @Test
    void theSeedRepeatsAndNoOtherSeedDoes() {
        Network one = network();
        Network two = network();
        Network other = Network.of(model(false), 43);
        one.weights().forEach((name, weight) -> {
            assertThat(two.weight(name).sameBits(weight)).as(name).isTrue();
            boolean constant = name.contains("bn.");
            assertThat(other.weight(name).sameBits(weight)).as(name).isEqualTo(constant);
        });
        assertThat(one.weight("body.stage.1.weight").toArray())
                .isNotEqualTo(one.weight("body.stage.10.weight").toArray());
    }

    @Test
    void anotherLayerChangesNoOthersWeights() {
        Network before = network();
        Node input = Node.input(3, 8, 8);
        Node features =
                input.then("new", Conv2D.of(3, 1)).then("body", body()).then("pool", GlobalAveragePooling2D.of());
        Network after = Network.of(Model.of("other", input, features.then("head", Dense.of(2))), 42);
        before.weights()
                .forEach((name, weight) ->
                        assertThat(after.weight(name).sameBits(weight)).as(name).isTrue());
    }

    private static Model body() {
        return (Model) Objects.requireNonNull(model(false).layer("body").layer());
    }

    /** torch's default: uniform within 1 / sqrt(fan in), for the bias too. */
    @Test
    void freshWeightsFillTheirRange() {
        Node input = Node.input(100);
        Network network = Network.of(Model.of("m", input, input.then("fc", Dense.of(200))), 1);
        double sum = 0;
        double squares = 0;
        for (float value : network.weight("fc.weight").toArray()) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo(0.1f);
            sum += value;
            squares += (double) value * value;
        }
        // 20,000 draws: the deviation of the mean is 0.0004, of the mean square 1 % of 0.1² / 3.
        assertThat(sum / 20_000).isBetween(-0.002, 0.002);
        assertThat(squares / 20_000).isBetween(0.01 / 3 * 0.97, 0.01 / 3 * 1.03);
        for (float value : network.weight("fc.bias").toArray()) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo(0.1f);
        }
    }

    @Test
    void weightsAreReplacedByNameAndShape() {
        Network network = network();
        HostTensor bias = HostTensor.of(Shape.of(2), 1, 2);
        HostTensor kept = network.weight("head.weight");
        network.setWeights(Map.of("head.bias", bias));
        assertThat(network.weight("head.bias").toArray()).containsExactly(1, 2);
        assertThat(network.weight("head.weight").sameBits(kept)).isTrue();
        assertThat(network.parameters(Set.of("head.weight", "head.bias"))).isEqualTo(10);
    }

    @Test
    void nothingIsReplacedWhenOneDoesNotFit() {
        Network network = network();
        HostTensor before = network.weight("head.bias");
        HostTensor good = HostTensor.of(Shape.of(2), 1, 2);
        assertThatThrownBy(() -> network.setWeights(
                        Map.of("head.bias", good, "head.weight", HostTensor.allocate(Shape.of(4, 2)))))
                .isInstanceOf(GraftException.class)
                .hasMessage("weight 'head.weight': expected shape [2, 4], got [4, 2]");
        assertThatThrownBy(() -> network.setWeights(Map.of("head.bias", good, "tail.bias", good)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("network 'net' has no weight 'tail.bias'");
        assertThat(network.weight("head.bias")).isSameAs(before);
    }

    @Test
    void weightsCannotBeChangedBehindTheNetworksBack() {
        assertThatThrownBy(() -> network().weights().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
