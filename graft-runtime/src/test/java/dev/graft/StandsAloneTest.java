package dev.graft;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program that only asks a finished model carries: nothing that training needs. */
class StandsAloneTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.bytedeco.pytorch.Tensor",
                "io.jhdf.HdfFile",
                "org.apache.commons.csv.CSVParser",
                "dev.graft.torch.Torch",
                "dev.graft.zoo.Zoo"
            })
    void theRuntimeBringsNothingOfTraining(String type) {
        assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
    }
}
