package dev.graft.report;

import java.util.Arrays;
import java.util.List;

/**
 * The temperature that makes a classifier's probabilities mean what they say: logits are divided by it before the
 * softmax, so the ranking stays (Guo et al. 2017, On Calibration of Modern Neural Networks).
 */
public final class Temperature {
    private static final double WIDEST = 100;
    private static final int HALVINGS = 60;
    private static final double DOUBT = 0.1;

    private Temperature() {}

    /**
     * The temperature with the least cross-entropy on pictures that were not learnt from. Targets are softened as by
     * Platt 1999, by a tenth of a picture in all, so that few pictures, all of them right, do not make it 0; a whole one, as
     * there, cost more than it saved on 20 to 120 pictures.
     *
     * @param logits one row a picture
     * @return 0.01 to 100; 1 where nothing can be said, as without pictures or of logits that are all alike, or gained
     */
    public static double fit(List<float[]> logits, int[] labels) {
        if (slope(logits, labels, 1) == 0) {
            return 1;
        }
        // Convex in the inverse of the temperature, so its slope rises and is 0 once.
        double low = -Math.log(WIDEST);
        double high = Math.log(WIDEST);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (slope(logits, labels, Math.exp(middle)) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        double temperature = Math.exp(-(low + high) / 2);
        return loss(logits, labels, temperature) < loss(logits, labels, 1) ? temperature : 1;
    }

    /** The cross-entropy's derivative by the inverse temperature, times the number of pictures. */
    private static double slope(List<float[]> logits, int[] labels, double inverse) {
        double slope = 0;
        double doubt = DOUBT / (labels.length + 2);
        for (int i = 0; i < labels.length; i++) {
            float[] row = logits.get(i);
            double[] probabilities = Softmax.of(row, 1 / inverse);
            float highest = row[Softmax.argmax(row)];
            double others = row.length == 1 ? 0 : doubt / (row.length - 1);
            for (int label = 0; label < row.length; label++) {
                // From the highest on, so that logits that are all alike give 0 and no rounding error.
                slope += (probabilities[label] - (label == labels[i] ? 1 - doubt : others))
                        * (row[label] - (double) highest);
            }
        }
        return slope;
    }

    /** Mean cross-entropy of logits at a temperature. */
    static double loss(List<float[]> logits, int[] labels, double temperature) {
        return Arrays.stream(losses(logits, labels, temperature)).average().orElse(0);
    }

    /** The cross-entropy of each picture's logits at a temperature. */
    public static double[] losses(List<float[]> logits, int[] labels, double temperature) {
        double[] losses = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            double[] probabilities = Softmax.of(logits.get(i), temperature);
            losses[i] = -Math.log(Math.max(probabilities[labels[i]], Double.MIN_NORMAL));
        }
        return losses;
    }

    /**
     * Expected calibration error: how far probabilities are from the share of pictures that are right, in 15 bins of
     * equal width, each by its share of the pictures; 0 is best.
     */
    public static double calibrationError(List<float[]> logits, int[] labels, double temperature) {
        int bins = 15;
        double[] gap = new double[bins];
        for (int i = 0; i < labels.length; i++) {
            double[] probabilities = Softmax.of(logits.get(i), temperature);
            int taken = Softmax.argmax(logits.get(i));
            int bin = Math.min(bins - 1, (int) (probabilities[taken] * bins));
            gap[bin] += probabilities[taken] - (taken == labels[i] ? 1 : 0);
        }
        return labels.length == 0 ? 0 : Arrays.stream(gap).map(Math::abs).sum() / labels.length;
    }
}
