package dev.graft.train;

import org.jspecify.annotations.Nullable;

/**
 * A number that says how well a network does, for people to read: nothing is trained by it. All examples count alike,
 * whatever their weights. Users write their own with {@link #mean}, or by implementing this.
 */
public interface Metric {
    /** What it is called in histories and reports, such as {@code top_5_accuracy}. */
    String name();

    /** Begins a pass over examples. */
    Counter start();

    /** Adds up one pass. */
    interface Counter {
        void add(Scored batch);

        /** The metric over all batches so far, 0 before the first; asked for after every step. */
        double value();

        /**
         * What was counted so far, in numbers that {@link #restore} takes; null where the counter cannot say. Then a phase
         * can be resumed from the ends of its epochs only.
         */
        default double @Nullable [] state() {
            return null;
        }

        /**
         * Goes on, before its first batch, from what another counter of the metric said of itself.
         *
         * @throws dev.graft.GraftException if this metric never says such numbers
         */
        default void restore(double[] state) {
            throw new UnsupportedOperationException("a counter that says its state must take it back");
        }
    }

    /** A number of one example. */
    @FunctionalInterface
    interface OfExample {
        double value(Scored batch, int example);
    }

    /** The mean of a number over the examples. */
    static Metric mean(String name, OfExample value) {
        return new NamedMetric(name, () -> new ExampleMean(value));
    }

    /**
     * The share of examples whose class has the highest score; with one output the share on the right side of the
     * threshold of the loss.
     */
    static Metric accuracy() {
        return mean("accuracy", (batch, example) -> batch.predicted(example) == batch.label(example) ? 1 : 0);
    }

    /** The share of outputs on the right side of the threshold of the loss: for one output, or for several labels. */
    static Metric binaryAccuracy() {
        return mean(
                "binary_accuracy", (batch, example) -> ExampleMean.binaryAccuracy(batch, example, batch.threshold()));
    }

    /** The share of outputs on the right side of a threshold on {@linkplain Loss#scores scores}. */
    static Metric binaryAccuracy(double threshold) {
        return mean("binary_accuracy", (batch, example) -> ExampleMean.binaryAccuracy(batch, example, threshold));
    }

    /** The share of examples whose class is among the {@code k} highest; of equal scores the first class is higher. */
    static Metric topK(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("top k: k is at least 1, got " + k);
        }
        return mean("top_" + k + "_accuracy", (batch, example) -> ExampleMean.inTop(batch, example, k) ? 1 : 0);
    }

    /**
     * The area under the ROC curve as Keras' {@code AUC} computes it: trapezoids between 200 even thresholds from 0 to 1, so
     * scores must be probabilities. 0 where there are no positive or no negative examples.
     *
     * <p>Of several outputs it is the mean over each against the rest; those without a positive or without a negative
     * example are left out, where Keras counts them as 0.
     */
    static Metric auc() {
        return new NamedMetric("auc", AucCounter::new);
    }

    /**
     * The share of examples taken for positive that are. Of one output, by the threshold of the loss; of several the mean
     * over the classes, each taken where its score is the highest, as scikit-learn's {@code macro}: classes that neither
     * occurred nor were taken are left out, and a class never taken counts as 0.
     */
    static Metric precision() {
        return new NamedMetric("precision", () -> new ConfusionCounter(ConfusionCounter.Statistic.PRECISION));
    }

    /** The share of positive examples that were taken for it; of several outputs the mean as of {@link #precision}. */
    static Metric recall() {
        return new NamedMetric("recall", () -> new ConfusionCounter(ConfusionCounter.Statistic.RECALL));
    }

    /** The harmonic mean of precision and recall; of several outputs the mean as of {@link #precision}. */
    static Metric f1() {
        return new NamedMetric("f1", () -> new ConfusionCounter(ConfusionCounter.Statistic.F1));
    }

    /** The mean of {@code |score - target|} over all outputs. */
    static Metric meanAbsoluteError() {
        return mean("mean_absolute_error", ExampleMean::absoluteError);
    }
}
