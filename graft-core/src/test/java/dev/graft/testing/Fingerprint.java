package dev.graft.testing;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.tensor.HostTensor;
import java.util.Arrays;

/**
 * What the references store of a large tensor: its sum or mean, its L2 norm and a few values. Differences are measured in
 * the root mean square of the tensor, as its elements round with that.
 */
public record Fingerprint(double sum, double l2) {
    public static Fingerprint of(HostTensor tensor) {
        double sum = 0;
        double squares = 0;
        for (float value : tensor.toArray()) {
            sum += value;
            squares += (double) value * value;
        }
        return new Fingerprint(sum, Math.sqrt(squares));
    }

    /**
     * Compares with {@code shape, index, values, mean, l2}.
     *
     * @param share of the typical value that the mean may be off; single values ten times that
     */
    public static void checkSample(String what, HostTensor actual, JsonNode expected, double share) {
        assertThat(actual.shape()).as("shape of %s", what).isEqualTo(Reference.shape(at(expected, "shape")));
        int[] indices = Reference.ints(at(expected, "index"));
        float[] values = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            values[i] = actual.get(indices[i]);
        }
        double mean = at(expected, "mean").doubleValue();
        check(what, actual, mean * actual.elements(), expected, share);
        checkValues(what, values, at(expected, "values"), share * typical(expected, actual));
    }

    /** Compares with {@code sum, l2, first}. */
    public static void checkGradient(String what, HostTensor actual, JsonNode expected, double share) {
        check(what, actual, at(expected, "sum").doubleValue(), expected, share);
        JsonNode first = at(expected, "first");
        float[] values = Arrays.copyOf(actual.toArray(), first.size());
        checkValues(what, values, first, share * typical(expected, actual));
    }

    private static void check(String what, HostTensor actual, double sum, JsonNode expected, double share) {
        double l2 = at(expected, "l2").doubleValue();
        Fingerprint fingerprint = of(actual);
        assertThat(fingerprint.l2()).as("l2 of %s", what).isCloseTo(l2, within(share * l2));
        assertThat(fingerprint.sum())
                .as("sum of %s", what)
                .isCloseTo(sum, within(share * typical(expected, actual) * actual.elements()));
    }

    private static double typical(JsonNode expected, HostTensor actual) {
        return at(expected, "l2").doubleValue() / Math.sqrt(actual.elements());
    }

    /** A value may be many times the typical one, and then rounds with its own size. */
    private static void checkValues(String what, float[] actual, JsonNode expected, double off) {
        Close.within(10 * off).check(what, actual, Reference.floats(expected));
    }
}
