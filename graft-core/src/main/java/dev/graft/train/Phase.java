package dev.graft.train;

/**
 * One stretch of training with fixed settings.
 *
 * @param name what it is called in events and reports: {@code head}, {@code fine-tune}
 * @param epochs passes over the training examples at most
 * @param patience epochs without a lower validation loss after which it stops
 * @param schedule how the learning rate goes over the steps
 */
public record Phase(String name, int epochs, int patience, Schedule schedule) {
    /** How the learning rate goes from the first step to the last. */
    public enum Schedule {
        CONSTANT,
        /** From the base rate to zero along half a cosine. */
        COSINE;

        /** The factor on the base rate at a step of so many. */
        double factor(long step, long steps) {
            return this == CONSTANT ? 1 : 0.5 * (1 + Math.cos(Math.PI * step / steps));
        }
    }

    public Phase {
        if (epochs < 1 || patience < 1) {
            throw new IllegalArgumentException(
                    "phase " + name + ": epochs and patience are at least 1, got " + epochs + " and " + patience);
        }
    }

    /** Constant rate, never stopped early. */
    public static Phase of(String name, int epochs) {
        return new Phase(name, epochs, epochs, Schedule.CONSTANT);
    }

    public Phase stopAfter(int epochsWithoutGain) {
        return new Phase(name, epochs, epochsWithoutGain, schedule);
    }

    public Phase cosine() {
        return new Phase(name, epochs, patience, Schedule.COSINE);
    }
}
