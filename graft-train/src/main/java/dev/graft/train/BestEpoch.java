package dev.graft.train;

/** Which epoch of a phase is the best so far, and what follows from that. */
final class BestEpoch {
    private final Phase phase;
    private final boolean validated;
    private double best;
    private int bestEpoch;
    private int lastGain;
    private int epoch;
    private double rate = 1;

    /**
     * Before the first epoch.
     *
     * @param before validation before the phase, which epochs must do better than; or none
     */
    BestEpoch(Phase phase, Metrics before) {
        this.phase = phase;
        this.validated = !before.isNone();
        this.best = validated && !phase.keepsLast() && phase.monitor().metric().startsWith("val_")
                ? phase.monitor().of(before, before)
                : phase.monitor().lowerIsBetter() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /**
     * Takes the next epoch; whether its weights are the ones to keep. Without validation data, or in a phase that keeps
     * its last, those always are.
     */
    boolean isBest(History.Epoch done) {
        epoch = done.number();
        double now = phase.monitor().of(done.training(), done.validation());
        boolean gain = phase.monitor().isBetter(now, best);
        if (gain) {
            best = now;
            lastGain = epoch;
        }
        rate *= phase.plateau().factor(epoch - lastGain);
        if (gain || !validated || phase.keepsLast()) {
            bestEpoch = epoch;
        }
        return bestEpoch == epoch;
    }

    /** Where it stands: the fields. */
    record State(double best, int bestEpoch, int lastGain, int epoch, double rate) {}

    State state() {
        return new State(best, bestEpoch, lastGain, epoch, rate);
    }

    void restore(State state) {
        best = state.best();
        bestEpoch = state.bestEpoch();
        lastGain = state.lastGain();
        epoch = state.epoch();
        rate = state.rate();
    }

    int bestEpoch() {
        return bestEpoch;
    }

    boolean isOutOfPatience() {
        return epoch - lastGain >= phase.patience();
    }

    /** The factor on the learning rate that plateaus have led to. */
    double rate() {
        return rate;
    }
}
