package dev.graft.transfer.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.config.Place;
import dev.graft.transfer.estimate.Budget.Level;
import dev.graft.zoo.Zoo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which backbones are named for which budget, and what they take. */
class BudgetTest {
    private static final Budget LIGHT = budget("light", 0.06, null, true);

    private static Budget budget(String model, double billions, @Nullable Double top1, boolean here) {
        long multiplyAdds = Math.round(billions * 1e9);
        return new Budget(Level.LIGHT, model, 1, multiplyAdds, multiplyAdds / 2, top1, here);
    }

    private static List<String> chosen(Budget... all) {
        return Budget.choose(LIGHT, List.of(all)).stream()
                .map(each -> each.level() + " " + each.model())
                .toList();
    }

    @Test
    void theMostAccurateWithinEachBoundIsNamed() {
        assertThat(chosen(
                        LIGHT,
                        budget("small", 0.9, 75.0, false),
                        budget("smaller", 0.2, 70.0, false),
                        budget("large", 9.9, 84.0, false),
                        budget("huge", 10.1, 90.0, false)))
                .containsExactly("LIGHT light", "BALANCED small", "BEST large");
    }

    @Test
    void ofThoseThatAreAlikeOneThatIsHereThenTheQuickest() {
        Budget best = budget("best", 9, 84.5, false);
        Budget alike = budget("alike", 8, 84.0, false);
        assertThat(chosen(best, alike)).contains("BEST alike");
        assertThat(chosen(best, alike, budget("here", 9.5, 84.1, true))).contains("BEST here");
        assertThat(chosen(best, alike, budget("worse", 5, 83.9, true))).contains("BEST alike", "HERE worse");
    }

    @Test
    void noneIsNamedTwice() {
        assertThat(chosen(budget("only", 0.5, 70.0, true))).containsExactly("LIGHT light", "BALANCED only");
    }

    @Test
    void theZooHasOneForEachLevel() {
        List<Budget> zoo = Budget.ofZoo();
        assertThat(zoo).extracting(Budget::level).startsWith(Level.LIGHT, Level.BALANCED, Level.BEST);
        assertThat(zoo.get(0).model()).isEqualTo(Zoo.DEFAULT);
        assertThat(zoo.get(0).here()).isTrue();
        assertThat(zoo.get(1).multiplyAdds()).isBetween(zoo.get(0).multiplyAdds(), 1_000_000_000L);
        assertThat(zoo.get(2).multiplyAdds()).isBetween(1_000_000_000L, 10_000_000_000L);
        assertThat(zoo)
                .allSatisfy(budget -> assertThat(budget.tunedMultiplyAdds()).isBetween(1L, budget.multiplyAdds() - 1));
    }

    /** Half of the second is decoding, which stays; the network of ten times the size takes ten times the other half. */
    @Test
    void timesGoWithWhatIsComputed() {
        Trial trial = new Trial(1, 0.5, 0, 100, new Trial.Tuned(new Place.Stage("stage"), 0, 2, 1, 0, 10));
        Budget tenfold = new Budget(Level.BEST, "tenfold", 1, 1000, 30, 80.0, false);
        assertThat(tenfold.extraction(trial, 4)).isCloseTo(4 * 5.5, within(1e-9));
        assertThat(tenfold.epoch(trial, 6, 2).getAsDouble()).isCloseTo(3 * (6 * 2 + 2), within(1e-9));
        assertThat(tenfold.epoch(new Trial(1, 0.5, 0, 100, null), 6, 2)).isEmpty();
    }

    @Test
    void classesAreUnevenFromThreeTimesOn() {
        assertThat(FolderAdvice.isUnbalanced(10, 30)).isFalse();
        assertThat(FolderAdvice.isUnbalanced(10, 31)).isTrue();
    }
}
