package dev.graft.train;

/** How the learning rate goes over the steps of a phase: a factor on the optimizer's rates. */
public interface Schedule {
    /**
     * The factor at one step.
     *
     * @param step counted from 0 through all epochs of the phase
     * @param stepsPerEpoch how many steps an epoch has
     * @param epochs how many epochs the phase has at most
     */
    double factor(long step, int stepsPerEpoch, int epochs);

    /** Always 1. */
    record Constant() implements Schedule {
        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return 1;
        }
    }

    /** From 1 to 0 along half a cosine (Loshchilov and Hutter 2017). */
    record Cosine() implements Schedule {
        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return 0.5 * (1 + Math.cos(Math.PI * step / ((double) stepsPerEpoch * epochs)));
        }
    }

    /** Multiplied by a factor after every so many epochs. */
    record Steps(int everyEpochs, double by) implements Schedule {
        public Steps {
            if (everyEpochs < 1 || !(by > 0)) {
                throw new IllegalArgumentException("a schedule of steps takes at least 1 epoch and a factor above 0");
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return Math.pow(by, step / stepsPerEpoch / everyEpochs);
        }
    }

    /** Multiplied by a factor over each epoch, a little at each step. */
    record Exponential(double perEpoch) implements Schedule {
        public Exponential {
            if (!(perEpoch > 0)) {
                throw new IllegalArgumentException("an exponential schedule takes a factor above 0, got " + perEpoch);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return Math.pow(perEpoch, (double) step / stepsPerEpoch);
        }
    }

    /** Another schedule, which is reached in a straight line over the first steps. */
    record WarmUp(int steps, Schedule then) implements Schedule {
        public WarmUp {
            if (steps < 1) {
                throw new IllegalArgumentException("a warm-up takes at least 1 step, got " + steps);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return Math.min(1, (step + 1.0) / steps) * then.factor(step, stepsPerEpoch, epochs);
        }
    }

    static Schedule constant() {
        return new Constant();
    }

    static Schedule cosine() {
        return new Cosine();
    }

    static Schedule steps(int everyEpochs, double by) {
        return new Steps(everyEpochs, by);
    }

    static Schedule exponential(double perEpoch) {
        return new Exponential(perEpoch);
    }

    default Schedule warmUp(int steps) {
        return new WarmUp(steps, this);
    }
}
