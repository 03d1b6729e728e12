package dev.graft.audit;

import dev.graft.report.Softmax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labels that are probably wrong, by confident learning: a picture is suspect if a classifier that has not learnt from it
 * takes it for another class, and is less sure of the given one than it usually is of that class's pictures (Northcutt et al. 2021, Confident Learning:
 * Estimating Uncertainty in Dataset Labels).
 */
public final class SuspectLabels {
    private SuspectLabels() {}

    /**
     * One suspicion.
     *
     * @param index of the picture
     * @param given the label that it has
     * @param likely the label that it seems to deserve
     * @param confidence the probability of the given one, 0 to 1
     * @param likelyConfidence that of the likely one
     */
    public record Suspect(int index, int given, int likely, double confidence, double likelyConfidence) {}

    /**
     * Finds suspects.
     *
     * @param logits one row a picture, from classifiers that have not learnt from that picture (out of fold)
     * @param labels as given
     * @return the most suspicious first: by how much surer the classifier is of the likely label
     */
    public static List<Suspect> of(float[][] logits, int[] labels) {
        if (logits.length != labels.length) {
            throw new IllegalArgumentException(
                    "expected a label a picture, got " + labels.length + " for " + logits.length);
        }
        List<double[]> probabilities = new ArrayList<>();
        for (float[] row : logits) {
            probabilities.add(Softmax.of(row));
        }
        double[] usual = usual(probabilities, labels);
        List<Suspect> suspects = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            double[] row = probabilities.get(i);
            int given = labels[i];
            int likely = Softmax.argmax(logits[i]);
            if (likely != given && row[given] < usual[given]) {
                suspects.add(new Suspect(i, given, likely, row[given], row[likely]));
            }
        }
        suspects.sort(Comparator.comparingDouble((Suspect one) -> one.confidence() - one.likelyConfidence())
                .thenComparingInt(Suspect::index));
        return List.copyOf(suspects);
    }

    /** The mean probability of each class over the pictures that are said to be of it. */
    private static double[] usual(List<double[]> probabilities, int[] labels) {
        int classes = probabilities.isEmpty() ? 0 : probabilities.get(0).length;
        double[] sums = new double[classes];
        int[] counts = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            sums[labels[i]] += probabilities.get(i)[labels[i]];
            counts[labels[i]]++;
        }
        return IntStream.range(0, classes)
                .mapToDouble(label -> counts[label] == 0 ? 0 : sums[label] / counts[label])
                .toArray();
    }
}
