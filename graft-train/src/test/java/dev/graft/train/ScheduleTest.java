package dev.graft.train;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testing.Reference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two steps an epoch, three epochs. */
class ScheduleTest {
    private static double[] factors(Schedule schedule) {
        return LongStream.range(0, 6)
                .mapToDouble(step -> schedule.factor(step, 2, 3))
                .toArray();
    }

    private static void check(Schedule schedule, double... expected) {
        assertThat(factors(schedule)).containsExactly(expected, within(1e-6));
    }

    @Test
    void eachGoesItsWay() {
        check(Schedule.constant(), 1, 1, 1, 1, 1, 1);
        check(Schedule.cosine(), 1, 0.933013, 0.75, 0.5, 0.25, 0.066987);
        check(Schedule.steps(1, 0.1), 1, 1, 0.1, 0.1, 0.01, 0.01);
        check(Schedule.steps(2, 0.5), 1, 1, 1, 1, 0.5, 0.5);
        check(Schedule.exponential(0.25), 1, 0.5, 0.25, 0.125, 0.0625, 0.03125);
        check(Schedule.constant().warmUp(4), 0.25, 0.5, 0.75, 1, 1, 1);
        check(Schedule.steps(1, 0.1).warmUp(2), 0.5, 1, 0.1, 0.1, 0.01, 0.01);
        check(Schedule.linear(), 1, 5 / 6.0, 4 / 6.0, 0.5, 2 / 6.0, 1 / 6.0);
        check(Schedule.constant().warmUpShare(0.5), 1 / 3.0, 2 / 3.0, 1, 1, 1, 1);
        check(Schedule.constant().warmUpShare(0.01), 1, 1, 1, 1, 1, 1);
        check(Schedule.cosine().warmUpShare(0.5), 1 / 3.0, 2 / 3.0 * 0.933013, 0.75, 0.5, 0.25, 0.066987);
    }

    static Stream<JsonNode> torchs() {
        return Reference.each(at(Reference.read("rates.json"), "schedules"));
    }

    @ParameterizedTest
    @MethodSource("torchs")
    void everyFactorIsTorchs(JsonNode each) {
        JsonNode config = at(each, "config");
        Schedule schedule = at(each, "schedule").textValue().equals("linear")
                ? Schedule.linear()
                : Schedule.oneCycle()
                        .div(at(config, "div").doubleValue())
                        .finalDiv(at(config, "final_div").doubleValue())
                        .upShare(at(config, "up").doubleValue());
        float[] factors = Reference.floats(at(each, "factors"));
        int stepsPerEpoch = at(each, "steps_per_epoch").intValue();
        int epochs = at(each, "epochs").intValue();
        assertThat(factors).hasSize(stepsPerEpoch * epochs);
        for (int step = 0; step < factors.length; step++) {
            assertThat(schedule.factor(step, stepsPerEpoch, epochs))
                    .as("%s, step %d", at(each, "name"), step)
                    .isCloseTo(factors[step], within(1e-6 * factors[step]));
        }
    }

    @Test
    void oneCycleHasTorchsDefaultsAndStaysLowAfterItsEnd() {
        assertThat(Schedule.oneCycle()).isEqualTo(new OneCycle(25, 1e4, 0.3));
        assertThat(Schedule.oneCycle().factor(20, 5, 4)).isCloseTo(4e-6, within(1e-12));
        assertThat(Schedule.oneCycle().factor(0, 1, 1)).isCloseTo(4e-6, within(1e-12));
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> Schedule.steps(0, 0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.exponential(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.cosine().warmUp(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.cosine().warmUpShare(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a warm-up takes a share of the steps between 0 and 1, got 0.0");
        assertThatThrownBy(() -> Schedule.cosine().warmUpShare(1)).hasMessageContaining("got 1.0");
        assertThatThrownBy(() -> Schedule.oneCycle().div(0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("one cycle divides by finite numbers of at least 1, got 0.5 and 10000.0");
        assertThatThrownBy(() -> Schedule.oneCycle().finalDiv(Double.NaN)).hasMessageContaining("25.0 and NaN");
        assertThatThrownBy(() -> Schedule.oneCycle().upShare(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("one cycle goes up for a share between 0 and 1, got 1.0");
        assertThatThrownBy(() -> Phase.of(3).reduceOnPlateau(1.5, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
