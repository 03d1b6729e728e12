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

    /** From 1 to 0 in a straight line. */
    record Linear() implements Schedule {
        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return Math.max(0, 1 - step / ((double) stepsPerEpoch * epochs));
        }
    }

    /** Multiplied by a factor after every N epochs. */
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

    /** Another schedule, which is reached in a straight line over a share of all steps. */
    record WarmUpShare(double share, Schedule then) implements Schedule {
        public WarmUpShare {
            if (!(share > 0 && share < 1)) {
                throw new IllegalArgumentException(
                        "a warm-up takes a share of the steps between 0 and 1, got " + share);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            long steps = Math.max(1, Math.round(share * stepsPerEpoch * epochs));
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

    static Schedule linear() {
        return new Linear();
    }

    /** {@link OneCycle} from a 25th up over 0.3 of the steps, then down to a 10,000th of that. */
    static OneCycle oneCycle() {
        return new OneCycle(25, 1e4, 0.3);
    }

    /** Reached over a share of all steps: 0.1, say. */
    default Schedule warmUpShare(double share) {
        return new WarmUpShare(share, this);
    }

    default Schedule warmUp(int steps) {
        return new WarmUp(steps, this);
    }
}
