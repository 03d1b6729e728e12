package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrictLoadTest {
    @Test
    void givesTheWeightsInTheOrderOfTheModel() {
        WeightFile file = file(Map.of("b", Shape.of(2), "a", Shape.of(1), "head.w", Shape.of(3)));
        Map<String, Shape> expected = new LinkedHashMap<>();
        expected.put("b", Shape.of(2));
        expected.put("a", Shape.of(1));
        Map<String, HostTensor> weights =
                StrictLoad.of(expected).dropping("head.*").from(file);
        assertThat(weights.keySet()).containsExactly("b", "a");
        assertThat(weights.values()).extracting(HostTensor::shape).containsExactly(Shape.of(2), Shape.of(1));
    }

    @Test
    void everythingWrongIsNamedTogether() {
        Map<String, Shape> stored = new LinkedHashMap<>();
        stored.put("features.0.wieght", Shape.of(4, 3));
        stored.put("features.0.bias", Shape.of(5));
        stored.put("extra", Shape.of());
        Map<String, Shape> expected = new LinkedHashMap<>();
        expected.put("features.0.weight", Shape.of(4, 3));
        expected.put("features.0.bias", Shape.of(4));
        assertThatThrownBy(() -> StrictLoad.of(expected).from(file(stored)))
                .isInstanceOf(GraftException.class)
                .hasMessage("test: the weights do not fit the model:"
                        + " 1 missing: 'features.0.weight' [4, 3] (nearest in the file: 'features.0.wieght');"
                        + " 2 left over: 'features.0.wieght' [4, 3], 'extra' [];"
                        + " 1 of another shape: 'features.0.bias' expected [4], got [5];"
                        + " give the file made for this model, or drop by name what it has too many");
    }

    @Test
    void longListsAreCut() {
        Map<String, Shape> expected = new LinkedHashMap<>();
        for (int i = 0; i < 25; i++) {
            expected.put("layer." + i, Shape.of(1));
        }
        assertThatThrownBy(() -> StrictLoad.of(expected).from(file(Map.of())))
                .hasMessageContaining("25 missing: 'layer.0' [1], ")
                .hasMessageContaining("'layer.9' [1] and 15 more; ")
                .hasMessageNotContainingAny("layer.10");
    }

    @Test
    void starsStandForAnyCharacters() {
        Map<String, Shape> stored = Map.of("a.1.n", Shape.of(), "b.n", Shape.of(), "axn", Shape.of(1), "w", Shape.of());
        Map<String, Shape> expected = Map.of("w", Shape.of());
        assertThat(StrictLoad.of(expected).dropping("*.n").dropping("axn").from(file(stored)))
                .containsOnlyKeys("w");
        assertThatThrownBy(() -> StrictLoad.of(expected).dropping("a.*", "b.").from(file(stored)))
                .hasMessageContaining("2 left over")
                .hasMessageContaining("'b.n' []")
                .hasMessageContaining("'axn' [1]");
    }

    /** timm's {@code gamma [C]} is torchvision's {@code layer_scale [C, 1, 1]}. */
    @Test
    void sizesOfOneMayBeDisregarded() {
        Map<String, Shape> expected = Map.of("scale", Shape.of(4, 1, 1));
        assertThat(StrictLoad.of(expected).regardlessOfOnes().from(file(Map.of("scale", Shape.of(4)))))
                .extractingByKey("scale")
                .extracting(HostTensor::shape)
                .isEqualTo(Shape.of(4, 1, 1));
        assertThatThrownBy(() -> StrictLoad.of(expected).from(file(Map.of("scale", Shape.of(4)))))
                .hasMessageContaining("'scale' expected [4, 1, 1], got [4]");
        assertThatThrownBy(() -> StrictLoad.of(expected).regardlessOfOnes().from(file(Map.of("scale", Shape.of(2, 2)))))
                .hasMessageContaining("'scale' expected [4, 1, 1], got [2, 2]");
    }

    @Test
    void whatIsNeededCannotBeDropped() {
        assertThatThrownBy(() -> StrictLoad.of(Map.of("fc.weight", Shape.of(1))).dropping("fc.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight 'fc.weight' is both needed and dropped");
    }

    private static WeightFile file(Map<String, Shape> shapes) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        shapes.forEach(
                (name, shape) -> tensors.put(name, new StoredTensor(shape, "F32", () -> HostTensor.allocate(shape))));
        return new WeightFile("test", tensors, Map.of());
    }
}
