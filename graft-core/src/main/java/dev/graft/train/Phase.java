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
 */
public record Phase(String name, int epochs, int patience, Monitor monitor, Schedule schedule, Plateau plateau) {
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

        /** The factor on the rate after so many epochs without a gain. */
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

    /** Constant rate, never stopped early; the best epoch is that of the lowest validation loss. */
    public static Phase of(String name, int epochs) {
        return new Phase(name, epochs, epochs, Monitor.standard(), Schedule.constant(), Plateau.never());
    }

    /** A phase called {@code train}. */
    public static Phase of(int epochs) {
        return of("train", epochs);
    }

    /** Early stopping. */
    public Phase stopAfter(int epochsWithoutGain) {
        return new Phase(name, epochs, epochsWithoutGain, monitor, schedule, plateau);
    }

    /** What decides which epoch is the best: {@code val_accuracy}, say. */
    public Phase monitor(String metric) {
        return new Phase(name, epochs, patience, new Monitor(metric, monitor.leastGain()), schedule, plateau);
    }

    /** By how much the monitor must get better to count. */
    public Phase leastGain(double gain) {
        return new Phase(name, epochs, patience, new Monitor(monitor.metric(), gain), schedule, plateau);
    }

    public Phase schedule(Schedule other) {
        return new Phase(name, epochs, patience, monitor, other, plateau);
    }

    public Phase cosine() {
        return schedule(Schedule.cosine());
    }

    /** Multiplies the learning rate by {@code factor} whenever so many epochs brought no gain. */
    public Phase reduceOnPlateau(double factor, int epochsWithoutGain) {
        return new Phase(name, epochs, patience, monitor, schedule, new Plateau(factor, epochsWithoutGain));
    }
}
