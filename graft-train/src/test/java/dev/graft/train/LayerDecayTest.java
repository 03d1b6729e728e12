package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.model.Network;
import dev.graft.testing.Engines;
import dev.graft.train.TrainingEvent.StepDone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which rate each weight has, and has at each step. */
class LayerDecayTest {
    private static final List<String> FIRST = List.of("first", "second", "head");

    private final Network network = Network.of(Tiny.convolutions(), 1);

    private Map<String, Double> rates(Optimizer optimizer) {
        try (var trainer = Trainer.on(Engines.ONE_THREAD).compile(network, optimizer, Loss.crossEntropy())) {
            return trainer.learningRates();
        }
    }

    @Test
    void ratesFallByAFactorForEachStepTowardsTheInput() {
        Map<String, Double> rates = rates(Optimizer.sgd(0.8).layerDecay(LayerDecay.from(0.5, network, FIRST)));
        assertThat(rates)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "first.weight", 0.2,
                        "first_norm.weight", 0.2,
                        "first_norm.bias", 0.2,
                        "second.weight", 0.4,
                        "second_norm.weight", 0.4,
                        "second_norm.bias", 0.4,
                        "head.weight", 0.8,
                        "head.bias", 0.8));
    }

    @Test
    void whatComesBeforeTheFirstLayerThatIsNamedBelongsToItsGroup() {
        LayerDecay decay = LayerDecay.from(0.5, network, List.of("second", "head"));
        assertThat(rates(Optimizer.sgd(0.8).layerDecay(decay)))
                .containsEntry("first.weight", 0.4)
                .containsEntry("second.weight", 0.4)
                .containsEntry("head.bias", 0.8);
    }

    @Test
    void groupsThatAreNamedWinWhicheverCameFirst() {
        LayerDecay decay = LayerDecay.from(0.5, network, FIRST);
        for (Optimizer optimizer : List.of(
                Optimizer.sgd(0.8).group("first", 1e-3).layerDecay(decay),
                Optimizer.sgd(0.8).layerDecay(decay).group("first", 1e-3))) {
            assertThat(rates(optimizer))
                    .containsEntry("first.weight", 1e-3)
                    .containsEntry("first_norm.weight", 0.2)
                    .containsEntry("head.weight", 0.8);
        }
    }

    /** A stage that is frozen altogether still counts as a step towards the input. */
    @Test
    void frozenStagesCountAndFrozenFirstLayersEndNoGroup() {
        network.layer("first").setTrainable(false);
        network.layer("first_norm").setTrainable(false);
        network.layer("second").setTrainable(false);
        assertThat(rates(Optimizer.sgd(0.8).layerDecay(LayerDecay.from(0.5, network, FIRST))))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "second_norm.weight", 0.4, "second_norm.bias", 0.4, "head.weight", 0.8, "head.bias", 0.8));
    }

    @Test
    void groupsMayBeGlobsAndTheFirstCounts() {
        LayerDecay decay =
                LayerDecay.of(0.1, List.of(List.of("first*"), List.of("second.weight", "*_norm"), List.of("*")));
        assertThat(rates(Optimizer.sgd(1).layerDecay(decay)).get("first_norm.bias"))
                .isCloseTo(0.01, within(1e-12));
        assertThat(rates(Optimizer.sgd(1).layerDecay(decay)).get("second_norm.bias"))
                .isCloseTo(0.1, within(1e-12));
        assertThat(rates(Optimizer.sgd(1).layerDecay(decay))).containsEntry("head.bias", 1.0);
    }

    @Test
    void eachStepHasTheRatesOfItsGroupsTimesTheSchedule() {
        Optimizer optimizer = Optimizer.adamW(0.1)
                .layerDecay(LayerDecay.from(0.5, network, FIRST))
                .group("head.bias", 0.03, 0);
        Schedule schedule = Schedule.linear().warmUp(2);
        var before = Tiny.Snapshot.of(network);
        List<Map<String, Double>> seen = new ArrayList<>();
        History history;
        try (var trainer = Trainer.on(Engines.ONE_THREAD).compile(network, optimizer, Loss.crossEntropy())) {
            trainer.listen(event -> {
                if (event instanceof StepDone) {
                    seen.add(trainer.learningRates());
                }
            });
            history = trainer.fit(Tiny.pictures(10, 4, 1), Phase.of(2).schedule(schedule));
        }
        assertThat(seen).hasSize(6);
        double[] factors = {0.5 * 1, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0};
        Map<String, Double> base = new LinkedHashMap<>();
        base.put("first.weight", 0.025);
        base.put("first_norm.bias", 0.025);
        base.put("second.weight", 0.05);
        base.put("second_norm.weight", 0.05);
        base.put("head.weight", 0.1);
        base.put("head.bias", 0.03);
        for (int step = 0; step < factors.length; step++) {
            for (String weight : base.keySet()) {
                double expected = base.getOrDefault(weight, 0.0) * factors[step];
                assertThat(seen.get(step).getOrDefault(weight, -1.0))
                        .as(weight + " in step " + step)
                        .isCloseTo(expected, within(1e-12));
            }
        }
        assertThat(history.epochs().get(1).learningRate()).isCloseTo(0.1 / 6, within(1e-12));
        Set<String> moved = before.moved(network);
        assertThat(moved).containsAll(network.trainableWeights());
    }

    @Test
    void whatMeansNothingIsRefused() {
        for (double factor : new double[] {0, -0.5, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> LayerDecay.from(factor, network, FIRST))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a layer decay is above 0 and at most 1, got " + factor);
        }
        assertThatThrownBy(() -> LayerDecay.of(0.5, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a layer decay needs at least one group, and a name in each");
        assertThatThrownBy(() -> LayerDecay.from(0.5, network, List.of())).hasMessageContaining("at least one group");
        assertThatThrownBy(() -> LayerDecay.from(0.5, network, List.of("first", "secnd")))
                .isInstanceOf(GraftException.class)
                .hasMessage("layer decay: network 'tiny' has no layer 'secnd'; did you mean 'second'?");
        assertThatThrownBy(() -> LayerDecay.from(0.5, network, List.of("second", "first")))
                .isInstanceOf(GraftException.class)
                .hasMessage("layer decay: 'first' does not come after 'second'; name first layers from the input to the"
                        + " output");
        LayerDecay backbone = LayerDecay.of(0.5, List.of(List.of("first*"), List.of("second*")));
        assertThatThrownBy(() -> rates(Optimizer.sgd(1).layerDecay(backbone)))
                .isInstanceOf(GraftException.class)
                .hasMessage(
                        "layer decay: weight 'head.weight' trains and is in none of its 2 groups; name it in one, or"
                                + " give '*' as the last for all others");
    }
}
