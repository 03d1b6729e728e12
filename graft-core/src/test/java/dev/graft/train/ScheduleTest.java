package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

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
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> Schedule.steps(0, 0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.exponential(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.cosine().warmUp(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Phase.of(3).reduceOnPlateau(1.5, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
