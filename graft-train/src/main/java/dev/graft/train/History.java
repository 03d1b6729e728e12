package dev.graft.train;

import java.util.List;

/**
 * What a phase did.
 *
 * @param phase its name
 * @param before validation before the first step; none without validation data
 * @param epochs one entry an epoch; where the user stopped, the last one may have been cut short
 * @param bestEpoch the epoch, from 1, whose weights the network has now; 0 if those from before the phase were better
 * @param stopped whether the user asked to stop before the end
 */
public record History(String phase, Metrics before, List<Epoch> epochs, int bestEpoch, boolean stopped) {
    /**
     * One pass.
     *
     * @param training the running mean over the epoch, while weights moved
     * @param validation none without validation data
     * @param learningRate the optimizer's rate in the last step, with the schedule's factor; groups may have others
     * @param seconds wall time of the pass with its validation
     */
    public record Epoch(int number, Metrics training, Metrics validation, double learningRate, double seconds) {
        /** A metric of this epoch: {@code accuracy}, or {@code val_accuracy} for that of the validation data. */
        public double get(String metric) {
            return new Monitor(metric, 0).of(training, validation);
        }
    }

    public History {
        epochs = List.copyOf(epochs);
    }

    /** Validation with the weights that the network has now; without validation data the metrics of that epoch. */
    public Metrics best() {
        if (bestEpoch == 0) {
            return before;
        }
        Epoch best = epochs.get(bestEpoch - 1);
        return best.validation().isNone() ? best.training() : best.validation();
    }

    /** A metric over the epochs: {@code loss}, {@code val_accuracy}. */
    public double[] get(String metric) {
        return epochs.stream().mapToDouble(epoch -> epoch.get(metric)).toArray();
    }
}
