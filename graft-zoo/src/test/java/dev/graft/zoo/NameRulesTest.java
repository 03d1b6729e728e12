package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table of rules gives the names that it says. */
class NameRulesTest {
    private static final NameRules RULES = NameRules.of("""
            stem                              features.0
            conv([2-5])_block([0-9]+)_(bn)    layer{1-1}.{2+1}.{3}
            stage_([0-3])                     features.{1*2+1}
            block([a-z])                      {1-a}
            (?i)stem                          second
            """);

    @ParameterizedTest
    @CsvSource({
        "stem, features.0",
        "conv2_block10_bn, layer1.11.bn",
        "stage_3, features.7",
        "blockc, 2",
        "STEM, second",
        "stem_conv, stem_conv",
        "conv6_block1_bn, conv6_block1_bn"
    })
    void theFirstRuleThatFitsAWholeNameCounts(String theirs, String ours) {
        assertThat(RULES.apply(theirs)).isEqualTo(ours);
    }

    @Test
    void rulesOfASecondTableComeAfterThoseOfTheFirst() {
        NameRules both = RULES.and("""
                stem    other
                top     classifier.$1
                """);
        assertThat(both.apply("stem")).isEqualTo("features.0");
        assertThat(both.apply("top")).isEqualTo("classifier.$1");
        assertThat(RULES.apply("top")).isEqualTo("top");
    }

    @Test
    void aLineWithoutTwoColumnsIsRefused() {
        assertThatThrownBy(() -> NameRules.of("conv1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an expression and a name, got 'conv1'");
    }
}
