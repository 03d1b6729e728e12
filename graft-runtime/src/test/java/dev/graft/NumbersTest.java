package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "0.1, 0.1",
        "0.09999999999999996, 0.1",
        "0.30000000000000004, 0.3",
        "0.000316227766016838, 3.2e-4",
        "0.015625, 0.015625",
        "0.001, 0.001",
        "0.0001, 1e-4",
        "0.00025, 2.5e-4",
        "1e-5, 1e-5",
        "20, 20",
        "1.5, 1.5",
        "-2.5, -2.5",
        "3.1622776601683795, 3.2",
        "1234567, 1234567",
        "12345678, 1.2e7",
        "31622.776601683792, 32000",
        "1e39, 1e39",
        "1.7976931348623157E308, 1.8e308",
        "4.9E-324, 4.9e-324",
        "NaN, NaN",
        "Infinity, Infinity",
    })
    void areWrittenAsPeopleDo(double number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }
}
