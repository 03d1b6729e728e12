package dev.graft.train;

/**
 * One stretch of training with fixed settings.
 *
 * @param name what it is called in events and reports: {@code head}, {@code fine-tune}
 * @param epochs passes over the training examples at most
 * @param patience epochs without a better {@code monitor} after which it stops
 * @param monitor what is better
 * @param schedule how the learning rate goes over the steps
 * @param plateau when the rate is lowered because nothing gets better
 * @param stepping how many batches a step of the optimizer has, and whether weights are averaged over the steps
 * @param keepsLast whether the last epoch's weights are kept, not those of the best
 */
public record Phase(
        String name,
        int epochs,
        int patience,
        Monitor monitor,
        Schedule schedule,
        Plateau plateau,
        Stepping stepping,
        boolean keepsLast) {
    /**
     * How batches become steps, and steps the weights that are kept.
     *
     * @param batches that one step is made from
     * @param averageDecay what an exponential mean of the weights keeps of itself in a step; 0 for no mean
     */
    public record Stepping(int batches, double averageDecay) {
        public Stepping {
            if (batches < 1) {
                throw new IllegalArgumentException("a step accumulates at least 1 batch, got " + batches);
            }
            if (!(averageDecay >= 0 && averageDecay < 1)) {
                throw new IllegalArgumentException(
                        "a mean of weights keeps a share above 0 and below 1, got " + averageDecay);
            }
        }

        /** How many steps so many batches make; the last may have fewer. */
        int steps(int count) {
            return (int) (((long) count + batches - 1) / batches);
        }
    }

    /**
     * Lowers the learning rate while the monitor does not get better.
     *
     * @param factor that the rate is multiplied by, above 0 to 1
     * @param patience epochs without a better monitor after which it is
     */
    public record Plateau(double factor, int patience) {
        public Plateau {
            if (!(factor > 0 && factor <= 1) || patience < 1) {
                throw new IllegalArgumentException("a plateau takes a factor above 0 to 1 and at least 1 epoch, got "
                        + factor + " and " + patience);
            }
        }

        static Plateau never() {
            return new Plateau(1, Integer.MAX_VALUE);
        }

        /** The factor on the rate after N epochs without a gain. */
        double factor(int epochsWithoutGain) {
            return epochsWithoutGain > 0 && epochsWithoutGain % patience == 0 ? factor : 1;
        }
    }

    public Phase {
        if (epochs < 1 || patience < 1) {
            throw new IllegalArgumentException(
                    "phase " + name + ": epochs and patience are at least 1, got " + epochs + " and " + patience);
        }
    }

    private static final Stepping EACH_BATCH = new Stepping(1, 0);

    /** Constant rate, never stopped early; the best epoch is that of the lowest validation loss. */
    public static Phase of(String name, int epochs) {
        return new Phase(
                name, epochs, epochs, Monitor.standard(), Schedule.constant(), Plateau.never(), EACH_BATCH, false);
    }

    /** A phase called {@code train}. */
    public static Phase of(int epochs) {
        return of("train", epochs);
    }

    /** Early stopping. */
    public Phase stopAfter(int epochsWithoutGain) {
        return new Phase(name, epochs, epochsWithoutGain, monitor, schedule, plateau, stepping, keepsLast);
    }

    /**
     * Keeps the weights of the last epoch, for whoever compares them with others afterwards. Early stopping then asks only
     * whether epochs get better than those before them, not than what was there before the phase.
     */
    public Phase keepLast() {
        return new Phase(name, epochs, patience, monitor, schedule, plateau, stepping, true);
    }

    /** What decides which epoch is the best: {@code val_accuracy}, say. */
    public Phase monitor(String metric) {
        return new Phase(
                name,
                epochs,
                patience,
                new Monitor(metric, monitor.leastGain()),
                schedule,
                plateau,
                stepping,
                keepsLast);
    }

    /** By how much the monitor must get better to count. */
    public Phase leastGain(double gain) {
        return new Phase(
                name, epochs, patience, new Monitor(monitor.metric(), gain), schedule, plateau, stepping, keepsLast);
    }

    public Phase schedule(Schedule other) {
        return new Phase(name, epochs, patience, monitor, other, plateau, stepping, keepsLast);
    }

    public Phase cosine() {
        return schedule(Schedule.cosine());
    }

    /** Multiplies the learning rate by {@code factor} whenever N epochs brought no gain. */
    public Phase reduceOnPlateau(double factor, int epochsWithoutGain) {
        return new Phase(
                name, epochs, patience, monitor, schedule, new Plateau(factor, epochsWithoutGain), stepping, keepsLast);
    }

    /** How batches become steps, and steps the weights that are kept. */
    public Phase stepping(Stepping other) {
        return new Phase(name, epochs, patience, monitor, schedule, plateau, other, keepsLast);
    }

    /**
     * Makes one step of the optimizer from so many batches, as if they were one: each example counts alike, whatever the
     * sizes, and the last step of an epoch may have fewer. Batch normalisation that uses the batch still sees each for
     * itself. Schedules count steps, events count batches.
     */
    public Phase accumulate(int batches) {
        return stepping(new Stepping(batches, stepping.averageDecay()));
    }

    /**
     * Validates and keeps an exponential mean of the weights in place of the weights (Polyak and Juditsky 1992): after
     * step {@code t}, counted from 1, {@code mean = d * mean + (1 - d) * weight} with {@code d = min(decay, (1 + t) /
     * (10 + t))}, TensorFlow's warm-up, so that short phases do not keep what they began with. Statistics of batch
     * normalisation are those of the last step. Training itself goes on from the weights.
     *
     * @param decay above 0 and below 1; usual is 0.999
     */
    public Phase ema(double decay) {
        if (!(decay > 0)) {
            throw new IllegalArgumentException("a mean of weights keeps a share above 0 and below 1, got " + decay);
        }
        return stepping(new Stepping(stepping.batches(), decay));
    }
}
