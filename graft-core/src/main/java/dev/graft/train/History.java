package dev.graft.train;

import java.util.List;

/**
 * What a phase did.
 *
 * @param phase its name
 * @param before validation before the first step
 * @param epochs one entry an epoch; where the user stopped, the last one may have been cut short
 * @param bestEpoch the epoch, from 1, whose weights the network has now; 0 if those from before the phase were better
 * @param stopped whether the user asked to stop before the end
 */
public record History(String phase, Metrics before, List<Epoch> epochs, int bestEpoch, boolean stopped) {
    /**
     * One pass.
     *
     * @param training the running mean over the epoch, while weights moved
     * @param seconds wall time of the pass with its validation
     */
    public record Epoch(int number, Metrics training, Metrics validation, double seconds) {}

    public History {
        epochs = List.copyOf(epochs);
    }

    /** Validation with the weights that the network has now. */
    public Metrics best() {
        return bestEpoch == 0 ? before : epochs.get(bestEpoch - 1).validation();
    }
}
