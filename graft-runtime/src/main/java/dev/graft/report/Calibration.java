package dev.graft.report;

import java.util.List;

/**
 * What a temperature does to a classifier's probabilities on the pictures that it was found on.
 *
 * @param temperature logits are divided by it; above 1 where the classifier was too sure
 * @param lossBefore mean cross-entropy at temperature 1
 * @param lossAfter mean cross-entropy at the temperature
 * @param errorBefore {@link Temperature#calibrationError} at temperature 1
 * @param errorAfter the same at the temperature
 */
public record Calibration(
        double temperature, double lossBefore, double lossAfter, double errorBefore, double errorAfter) {
    /** Finds the temperature. */
    public static Calibration of(List<float[]> logits, int[] labels) {
        double temperature = Temperature.fit(logits, labels);
        return new Calibration(
                temperature,
                Temperature.loss(logits, labels, 1),
                Temperature.loss(logits, labels, temperature),
                Temperature.calibrationError(logits, labels, 1),
                Temperature.calibrationError(logits, labels, temperature));
    }
}
