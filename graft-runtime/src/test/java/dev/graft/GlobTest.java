package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "layer4.*, layer4.0.conv1.weight, true",
        "layer4.*, layer4, false",
        "layer4.*, layer41.conv1.weight, false",
        "*.bias, layer4.0.bias, true",
        "*.bias, layer4.0.bias_scale, false",
        "layer*.bn?, layer1.bn?, true",
        "layer*.bn?, layer1.bn1, false",
        "layer1.conv, layer1xconv, false",
        "[ab], a, false",
        "*, '', true"
    })
    void aStarIsAnyCharactersAndAllElseItself(String glob, String name, boolean matches) {
        assertThat(Glob.of(glob).test(name)).isEqualTo(matches);
    }
}
