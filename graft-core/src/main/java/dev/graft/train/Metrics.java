package dev.graft.train;

/**
 * What a pass over examples gave.
 *
 * @param loss mean over the examples
 * @param accuracy share of examples whose highest logit is their label's
 */
public record Metrics(double loss, double accuracy) {
    /** Adds up batches. */
    static final class Sum {
        private double loss;
        private long correct;
        private long examples;

        void add(double batchLoss, int batchCorrect, int batchSize) {
            loss += batchLoss * batchSize;
            correct += batchCorrect;
            examples += batchSize;
        }

        boolean isEmpty() {
            return examples == 0;
        }

        Metrics mean() {
            return examples == 0 ? new Metrics(0, 0) : new Metrics(loss / examples, (double) correct / examples);
        }
    }
}
