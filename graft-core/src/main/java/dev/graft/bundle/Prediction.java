package dev.graft.bundle;

import dev.graft.report.Softmax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a classifier says of a picture.
 *
 * @param ranking all classes, the most probable first
 */
public record Prediction(List<Ranked> ranking) {
    /** A class with its probability, 0 to 1. */
    public record Ranked(String label, double probability) {}

    public Prediction {
        ranking = List.copyOf(ranking);
    }

    static Prediction of(List<String> labels, float[] logits) {
        double[] probabilities = Softmax.of(logits);
        List<Ranked> ranking = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            ranking.add(new Ranked(labels.get(i), probabilities[i]));
        }
        ranking.sort(Comparator.comparingDouble(Ranked::probability).reversed());
        return new Prediction(ranking);
    }

    /** The most probable class. */
    public Ranked best() {
        return ranking.get(0);
    }

    /** The {@code k} most probable classes, or all if there are fewer. */
    public List<Ranked> top(int k) {
        return ranking.subList(0, Math.min(k, ranking.size()));
    }
}
