package dev.graft.heads;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.CosineDense;
import dev.graft.layers.Layer;
import dev.graft.layers.NearestNeighbours;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import dev.graft.testing.Reference;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Heads that are layers of their own, in both engines against torch. */
@ExtendWith(NoTensorLeft.class)
class HeadLayersTest {
    private static final JsonNode HEADS = Reference.read("heads.json");
    private static final HostTensor QUERIES = Reference.tensor(at(HEADS, "queries"));

    private static Network network(Layer layer, Map<String, HostTensor> weights) {
        Node input = Node.input(6);
        return Network.of(Model.of("m", input, input.then("head", layer)), weights, 1);
    }

    private static void bothGive(Network network, HostTensor expected) {
        assertThat(Engines.torch(network, QUERIES).toArray()).containsExactly(expected.toArray(), within(1e-4f));
        assertThat(Engines.onnx(network, QUERIES).toArray()).containsExactly(expected.toArray(), within(1e-4f));
    }

    @Test
    void aCosineHeadLooksAtDirections() {
        Network network =
                network(CosineDense.of(3), Map.of("head.weight", Reference.tensor(at(HEADS, "cosine_weight"))));
        bothGive(network, Reference.tensor(at(HEADS, "cosine")));
    }

    @Test
    void theNearestNeighboursVote() {
        int[] labels = Reference.doubles(at(HEADS, "labels")).stream()
                .mapToInt(Double::intValue)
                .toArray();
        FeatureTable table = new FeatureTable(Reference.tensor(at(HEADS, "features")), labels, 3);
        Neighbours known = Neighbours.fit(table, 7);
        Network network =
                network(known.layer(), Map.of("head.examples", known.examples(), "head.votes", known.votes()));
        assertThat(network.parameters().trainable()).isZero();
        bothGive(network, Reference.tensor(at(HEADS, "neighbours")));
    }

    @Test
    void aVectorWithoutLengthHasNoDirection() {
        Network network =
                network(CosineDense.of(3), Map.of("head.weight", Reference.tensor(at(HEADS, "cosine_weight"))));
        HostTensor nothing = HostTensor.allocate(Shape.of(1, 6));
        assertThat(Engines.torch(network, nothing).toArray()).containsOnly(0);
        assertThat(Engines.onnx(network, nothing).toArray()).containsOnly(0);
    }

    @Test
    void moreNeighboursThanExamplesAreRefused() {
        assertThatThrownBy(() -> new NearestNeighbours(5, 4, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 1 to 4 neighbours");
    }
}
