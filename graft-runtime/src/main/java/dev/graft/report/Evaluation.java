package dev.graft.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a classifier did on labelled pictures.
 *
 * @param classes the names of the classes
 * @param confusion how often a picture of the row's class was taken for the column's
 * @param loss mean cross-entropy
 * @param calibrationError how far probabilities are from the share that is right, {@link Temperature#calibrationError}
 */
public record Evaluation(List<String> classes, List<List<Integer>> confusion, double loss, double calibrationError) {
    /**
     * How one class did. Of a class without pictures nothing is known: its numbers are NaN, and no mean may count it.
     *
     * @param precision share of the pictures taken for this class that are of it; 0 where none was taken for it
     * @param recall share of the pictures of this class that were found
     * @param f1 harmonic mean of both
     * @param support how many pictures of this class there were
     */
    public record ClassResult(String name, double precision, double recall, double f1, int support) {
        private static ClassResult unknown(String name) {
            return new ClassResult(name, Double.NaN, Double.NaN, Double.NaN, 0);
        }
    }

    /**
     * Counts predictions.
     *
     * @param logits one row a picture
     * @param labels the class of each picture
     */
    public static Evaluation of(List<String> classes, List<float[]> logits, int[] labels) {
        return of(classes, logits, labels, 1);
    }

    /** The same with logits that are divided by a temperature. */
    public static Evaluation of(List<String> classes, List<float[]> logits, int[] labels, double temperature) {
        int[][] counts = new int[classes.size()][classes.size()];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][Softmax.argmax(logits.get(i))]++;
        }
        List<List<Integer>> confusion = new ArrayList<>();
        for (int[] row : counts) {
            confusion.add(Arrays.stream(row).boxed().toList());
        }
        return new Evaluation(
                classes,
                confusion,
                Temperature.loss(logits, labels, temperature),
                Temperature.calibrationError(logits, labels, temperature));
    }

    public int total() {
        return confusion.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .sum();
    }

    public int correct() {
        int correct = 0;
        for (int i = 0; i < classes.size(); i++) {
            correct += confusion.get(i).get(i);
        }
        return correct;
    }

    public double accuracy() {
        return total() == 0 ? 0 : (double) correct() / total();
    }

    public List<ClassResult> perClass() {
        List<ClassResult> results = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            int index = i;
            int found = confusion.get(i).get(i);
            int support = confusion.get(i).stream().mapToInt(Integer::intValue).sum();
            if (support == 0) {
                results.add(ClassResult.unknown(classes.get(i)));
                continue;
            }
            int taken = confusion.stream().mapToInt(row -> row.get(index)).sum();
            double precision = taken == 0 ? 0 : (double) found / taken;
            double recall = (double) found / support;
            double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
            results.add(new ClassResult(classes.get(i), precision, recall, f1, support));
        }
        return results;
    }
}
