package dev.graft.testing;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * What the references store of a large tensor: its sum or mean, its L2 norm and a few values, computed in float64 and rounded
 * to float32 once. Differences are measured in the root mean square of the tensor, as its elements round with that.
 *
 * @param share of the typical value that sum and norm may be off for each element, and single values ten times that, as they
 *     may be many times the typical one; the rounding of what is stored comes on top
 */
public record Fingerprint(double share) {
    /** For numbers computed in float32 through some fifty layers of sums; holds for what changes continuously. */
    public static final Fingerprint SINGLE = new Fingerprint(1e-5);

    /** For numbers computed in float64: what is left is a thousandth of the rounding of what is stored. */
    public static final Fingerprint DOUBLE = new Fingerprint(1e-10);

    /** Half the distance between two floats, by the number: the reference's rounding. */
    private static final double STORED = 0x1p-24;

    /** Compares with {@code shape, index, values, mean, l2}. */
    public void checkSample(String what, Numbers actual, JsonNode expected) {
        assertThat(actual.shape()).as("shape of %s", what).isEqualTo(Reference.shape(at(expected, "shape")));
        double[] values = Arrays.stream(Reference.ints(at(expected, "index")))
                .mapToDouble(index -> actual.values()[index])
                .toArray();
        check(what, actual, (double) at(expected, "mean").floatValue() * actual.values().length, expected);
        checkValues(what, values, at(expected, "values"), actual.typical());
    }

    /** Compares with {@code sum, l2, first}. */
    public void checkGradient(String what, Numbers actual, JsonNode expected) {
        JsonNode first = at(expected, "first");
        check(what, actual, at(expected, "sum").floatValue(), expected);
        checkValues(what, Arrays.copyOf(actual.values(), first.size()), first, actual.typical());
    }

    private void check(String what, Numbers actual, double sum, JsonNode expected) {
        double l2 = at(expected, "l2").floatValue();
        assertThat(actual.l2()).as("l2 of %s", what).isCloseTo(l2, within((share + STORED) * l2));
        double typical = l2 / Math.sqrt(actual.values().length);
        assertThat(actual.sum())
                .as("sum of %s", what)
                .isCloseTo(sum, within(share * typical * actual.values().length + STORED * Math.abs(sum)));
    }

    private void checkValues(String what, double[] actual, JsonNode expected, double typical) {
        float[] values = Reference.floats(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i])
                    .as("value %d of %s", i, what)
                    .isCloseTo(values[i], within(10 * share * typical + STORED * Math.abs(values[i])));
        }
    }
}
