package dev.graft.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Comparison of numbers with a stated tolerance; NaN is never close.
 *
 * @param tolerance the largest difference of one element
 * @param relative whether it is a share of the largest expected magnitude of the tensor
 */
public record Close(double tolerance, boolean relative) {
    /** The difference may be this share of the expected tensor's largest magnitude: float sums round by their scale. */
    public static Close toScale(double share) {
        return new Close(share, true);
    }

    public static Close within(double difference) {
        return new Close(difference, false);
    }

    public void check(String what, HostTensor actual, HostTensor expected) {
        check(what, Numbers.of(actual), Numbers.of(expected));
    }

    public void check(String what, Numbers actual, Numbers expected) {
        assertThat(actual.shape()).as("shape of %s", what).isEqualTo(expected.shape());
        double scale = Arrays.stream(expected.values()).map(Math::abs).max().orElse(0);
        double limit = relative ? tolerance * scale : tolerance;
        for (int i = 0; i < expected.values().length; i++) {
            double wanted = expected.values()[i];
            double got = actual.values()[i];
            double difference = Math.abs(got - wanted);
            assertThat(difference <= limit)
                    .as("%s[%d]: expected %s, got %s, apart by %s, allowed %s", what, i, wanted, got, difference, limit)
                    .isTrue();
        }
    }

    public void check(String what, List<HostTensor> actual, List<HostTensor> expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            check(what + " " + i, actual.get(i), expected.get(i));
        }
    }

    public void check(String what, float[] actual, float[] expected) {
        check(what, HostTensor.of(Shape.of(actual.length), actual), HostTensor.of(Shape.of(expected.length), expected));
    }
}
