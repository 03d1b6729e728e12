package dev.graft.bundle;

import dev.graft.report.InDistribution;
import dev.graft.report.Softmax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a classifier says of a picture.
 *
 * @param ranking all classes, the most probable first
 * @param inDistribution how much it is like the pictures that were learnt from, -1 to 1; NaN where that is not known
 * @param unknown whether that is so little that the picture is of none of the classes, most probably
 */
public record Prediction(List<Ranked> ranking, double inDistribution, boolean unknown) {
    /** A class with its probability, 0 to 1. */
    public record Ranked(String label, double probability) {}

    public Prediction {
        ranking = List.copyOf(ranking);
    }

    static Prediction of(List<String> labels, Confidence confidence, InferenceSession.Answer answer) {
        double[] probabilities = Softmax.of(answer.logits(), confidence.temperature());
        List<Ranked> ranking = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            ranking.add(new Ranked(labels.get(i), probabilities[i]));
        }
        ranking.sort(Comparator.comparingDouble(Ranked::probability).reversed());
        InDistribution inDistribution = confidence.inDistribution();
        if (inDistribution == null) {
            return new Prediction(ranking, Double.NaN, false);
        }
        double score = inDistribution.score(answer.features());
        return new Prediction(ranking, score, inDistribution.rejects(score));
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
