package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import dev.graft.torch.Algorithm;
import dev.graft.torch.Algorithm.Adam;
import dev.graft.torch.Algorithm.AdamW;
import dev.graft.torch.Algorithm.RmsProp;
import dev.graft.torch.Algorithm.Sgd;
import dev.graft.torch.Clipping;
import dev.graft.train.Optimizer.Assigned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings of optimizers, and which weights get which rate. What steps they make is tested in {@code tensor}. */
class OptimizerTest {
    private static final Map<String, Shape> WEIGHTS = weights();

    private static Map<String, Shape> weights() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("backbone.layer1.conv.weight", Shape.of(8, 4, 3, 3));
        shapes.put("backbone.layer1.bn.weight", Shape.of(8));
        shapes.put("backbone.layer4.conv.weight", Shape.of(8, 4, 3, 3));
        shapes.put("backbone.layer4.bn.weight", Shape.of(8));
        shapes.put("backbone2.weight", Shape.of(3, 8));
        shapes.put("head.weight", Shape.of(3, 8));
        shapes.put("head.bias", Shape.of(8));
        return shapes;
    }

    @Test
    void defaultsAreTorchs() {
        assertThat(Optimizer.adam(1e-3)).isEqualTo(plain(new Adam(0.9, 0.999, 1e-8), 1e-3, 0));
        assertThat(Optimizer.adamW(1e-3)).isEqualTo(plain(new AdamW(0.9, 0.999, 1e-8), 1e-3, 0.01));
        assertThat(Optimizer.sgd(0.1)).isEqualTo(plain(new Sgd(0, false), 0.1, 0));
        assertThat(Optimizer.rmsProp(0.01)).isEqualTo(plain(new RmsProp(0.99, 1e-8, 0, false), 0.01, 0));
    }

    private static Optimizer plain(Algorithm algorithm, double rate, double decay) {
        return new Optimizer(algorithm, rate, decay, List.of(), LayerDecay.none(), new Clipping.None());
    }

    @Test
    void withersChangeOneSetting() {
        assertThat(Optimizer.adam(1).betas(0.5, 0.6).epsilon(1e-3).algorithm()).isEqualTo(new Adam(0.5, 0.6, 1e-3));
        assertThat(Optimizer.adamW(1).epsilon(1e-3).betas(0.5, 0.6).algorithm()).isEqualTo(new AdamW(0.5, 0.6, 1e-3));
        assertThat(Optimizer.sgd(1, 0.9).nesterov().algorithm()).isEqualTo(new Sgd(0.9, true));
        assertThat(Optimizer.sgd(1).momentum(0.8).algorithm()).isEqualTo(new Sgd(0.8, false));
        assertThat(Optimizer.rmsProp(1)
                        .alpha(0.9)
                        .epsilon(1e-7)
                        .momentum(0.5)
                        .centered()
                        .algorithm())
                .isEqualTo(new RmsProp(0.9, 1e-7, 0.5, true));
        assertThat(Optimizer.adam(1).weightDecay(0.2).betas(0.5, 0.6).weightDecay())
                .isEqualTo(0.2);
    }

    /** Settings that come later leave those that came before. */
    @Test
    void clippingAndLayerDecayStayWithOtherSettings() {
        LayerDecay decay = LayerDecay.of(0.5, List.of(List.of("*")));
        Optimizer optimizer = Optimizer.adamW(1)
                .layerDecay(decay)
                .clipNorm(2)
                .betas(0.5, 0.6)
                .weightDecay(0.1)
                .group("head", 1);
        assertThat(optimizer.clipping()).isEqualTo(new Clipping.Norm(2));
        assertThat(optimizer.layerDecay()).isEqualTo(decay);
        assertThat(optimizer.clipValue(0.5).clipping()).isEqualTo(new Clipping.Value(0.5));
        assertThat(optimizer.clipValue(0.5).groups()).hasSize(1);
    }

    @Test
    void tokensPositionsAndScalesOfChannelsDoNotDecay() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("class_token", Shape.of(1, 1, 8));
        shapes.put("pos_embedding", Shape.of(1, 17, 8));
        shapes.put("layer_scale", Shape.of(8, 1, 1));
        shapes.put("scalar", Shape.of(1));
        shapes.put("one_unit.weight", Shape.of(1, 8));
        shapes.put("one_dimensional.weight", Shape.of(8, 4, 3));
        shapes.put("conv_proj.weight", Shape.of(8, 3, 4, 4));
        assertThat(Optimizer.adamW(0.1).assign(shapes))
                .containsExactly(
                        new Assigned(List.of("class_token", "pos_embedding", "layer_scale", "scalar"), 0.1, 0),
                        new Assigned(
                                List.of("one_unit.weight", "one_dimensional.weight", "conv_proj.weight"), 0.1, 0.01));
    }

    @Test
    void settingsThatAnAlgorithmLacksAreRefused() {
        assertThatThrownBy(() -> Optimizer.sgd(0.1).betas(0.9, 0.99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Sgd has no setting 'betas'");
        assertThatThrownBy(() -> Optimizer.sgd(0.1).epsilon(1)).hasMessage("Sgd has no setting 'epsilon'");
        assertThatThrownBy(() -> Optimizer.adam(0.1).nesterov()).hasMessage("Adam has no setting 'nesterov'");
        assertThatThrownBy(() -> Optimizer.adamW(0.1).momentum(0.5)).hasMessage("AdamW has no setting 'momentum'");
        assertThatThrownBy(() -> Optimizer.adam(0.1).alpha(0.5)).hasMessage("Adam has no setting 'alpha'");
        assertThatThrownBy(() -> Optimizer.adam(0.1).centered()).hasMessage("Adam has no setting 'centered'");
    }

    @Test
    void numbersThatNoOptimizerCanHaveAreRefused() {
        assertThatThrownBy(() -> Optimizer.sgd(0.1).nesterov())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("momentum above 0");
        assertThatThrownBy(() -> Optimizer.sgd(0.1, 1)).hasMessage("momentum is from 0 to below 1, got 1.0");
        assertThatThrownBy(() -> Optimizer.adam(-1))
                .hasMessage("the learning rate is a finite number above 0, got -1.0");
        assertThatThrownBy(() -> Optimizer.adamW(Double.NaN)).hasMessageContaining("learning rate");
        assertThatThrownBy(() -> Optimizer.adamW(0.1).weightDecay(-1)).hasMessageContaining("weight decay");
        assertThatThrownBy(() -> Optimizer.adam(0.1).betas(0.9, 1)).hasMessageContaining("beta2");
        assertThatThrownBy(() -> Optimizer.adam(0.1).epsilon(0)).hasMessageContaining("epsilon");
        assertThatThrownBy(() -> Optimizer.rmsProp(0.1).alpha(-0.1)).hasMessageContaining("alpha");
        assertThatThrownBy(() -> Optimizer.adam(0.1).clipNorm(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradients are clipped at a finite number above 0, got 0.0");
        assertThatThrownBy(() -> Optimizer.adam(0.1).clipValue(-1)).hasMessageContaining("got -1.0");
        assertThatThrownBy(() -> Optimizer.adam(0.1).clipNorm(Double.NaN)).hasMessageContaining("got NaN");
        assertThatThrownBy(() -> Optimizer.adam(0.1).group("head", 0)).hasMessageContaining("learning rate");
        assertThatThrownBy(() -> Optimizer.adam(0.1).group("head", 1, -1)).hasMessageContaining("weight decay");
        assertThatThrownBy(() -> Optimizer.adam(0.1).group(" ", 1)).hasMessageContaining("a group needs a name");
    }

    @Test
    void withoutGroupsOnlyDecayPartsTheWeights() {
        List<String> kernels = List.of(
                "backbone.layer1.conv.weight", "backbone.layer4.conv.weight", "backbone2.weight", "head.weight");
        List<String> vectors = List.of("backbone.layer1.bn.weight", "backbone.layer4.bn.weight", "head.bias");
        assertThat(Optimizer.adamW(0.1).assign(WEIGHTS))
                .containsExactly(new Assigned(kernels, 0.1, 0.01), new Assigned(vectors, 0.1, 0));
        assertThat(Optimizer.adam(0.1).assign(WEIGHTS))
                .containsExactly(new Assigned(List.copyOf(WEIGHTS.keySet()), 0.1, 0));
    }

    /** A path covers what is below it and no name that merely starts alike; the first group that covers a weight counts. */
    @Test
    void theFirstGroupThatCoversAWeightCounts() {
        List<Assigned> assigned = Optimizer.sgd(0.1)
                .weightDecay(0.5)
                .group("backbone.layer4", 0.01, 0.25)
                .group("backbone", 0.001)
                .assign(WEIGHTS);
        assertThat(assigned)
                .containsExactlyInAnyOrder(
                        new Assigned(List.of("backbone.layer4.conv.weight"), 0.01, 0.25),
                        new Assigned(List.of("backbone.layer4.bn.weight"), 0.01, 0),
                        new Assigned(List.of("backbone.layer1.conv.weight"), 0.001, 0.5),
                        new Assigned(List.of("backbone.layer1.bn.weight"), 0.001, 0),
                        new Assigned(List.of("backbone2.weight", "head.weight"), 0.1, 0.5),
                        new Assigned(List.of("head.bias"), 0.1, 0));
    }

    /** Decay that is set after the group counts for it too. */
    @Test
    void aGroupWithoutADecayHasTheOptimizers() {
        assertThat(Optimizer.sgd(0.1).group("head", 1).weightDecay(0.5).assign(WEIGHTS))
                .contains(new Assigned(List.of("head.weight"), 1, 0.5));
    }

    @Test
    void aStarStandsForAnyCharacters() {
        assertThat(covered("backbone.*.bn.weight"))
                .containsExactly("backbone.layer1.bn.weight", "backbone.layer4.bn.weight");
        assertThat(covered("*.bias")).containsExactly("head.bias");
        assertThat(covered("backbone.layer4.*"))
                .containsExactly("backbone.layer4.conv.weight", "backbone.layer4.bn.weight");
        assertThat(covered("*.layer1")).containsExactly("backbone.layer1.conv.weight", "backbone.layer1.bn.weight");
        assertThat(covered("backbone*.weight")).hasSize(5);
        assertThat(covered("*")).containsExactlyElementsOf(WEIGHTS.keySet());
        assertThat(covered("head.bias")).containsExactly("head.bias");
        assertThat(covered("head.b")).isEmpty();
        assertThat(covered("headXbias")).isEmpty();
        assertThat(covered("head.[b]ias")).isEmpty();
    }

    private static List<String> covered(String glob) {
        ParameterGroup group = new ParameterGroup(glob, 1, null);
        return WEIGHTS.keySet().stream().filter(group::covers).toList();
    }

    @Test
    void aGroupWithoutWeightsNamesTheNearest() {
        assertThatThrownBy(() -> Optimizer.adam(1).group("bakbone", 0.1).assign(WEIGHTS))
                .isInstanceOf(GraftException.class)
                .hasMessage("optimizer group 'bakbone': no weight that trains has such a name, and frozen ones do not"
                        + " count; did you mean 'backbone'?");
        assertThatThrownBy(
                        () -> Optimizer.adam(1).group("backbone.layr4.*", 0.1).assign(WEIGHTS))
                .hasMessageEndingWith("did you mean 'backbone.layer4'?");
        assertThatThrownBy(() -> Optimizer.adam(1).group("head", 0.1).assign(Map.of("x.weight", Shape.of(2, 2))))
                .hasMessageEndingWith("frozen ones do not count");
    }

    @Test
    void aGroupThatAnEarlierOneLeavesNothingIsRefused() {
        Optimizer optimizer = Optimizer.adam(1).group("backbone", 0.1).group("backbone.layer4", 0.2);
        assertThatThrownBy(() -> optimizer.assign(WEIGHTS))
                .isInstanceOf(GraftException.class)
                .hasMessage("optimizer group 'backbone.layer4': the groups before it cover all its weights;"
                        + " put the narrower one first");
    }
}
