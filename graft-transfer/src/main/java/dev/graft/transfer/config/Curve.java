package dev.graft.transfer.config;

import dev.graft.train.Schedule;

/** How learning rates go over the steps of a phase. */
public enum Curve {
    CONSTANT(Schedule.constant()),
    /** A tenth after each third of the epochs. */
    STEP(new Thirds()),
    LINEAR(Schedule.linear()),
    COSINE(Schedule.cosine()),
    ONE_CYCLE(Schedule.oneCycle());

    private final transient Schedule schedule;

    Curve(Schedule schedule) {
        this.schedule = schedule;
    }

    /** With rates that rise at first over that share of the steps, 0 for none. */
    public Schedule schedule(double warmUp) {
        return warmUp == 0 ? schedule : schedule.warmUpShare(warmUp);
    }

    private record Thirds() implements Schedule {
        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return Schedule.steps(Math.max(1, (epochs + 2) / 3), 0.1).factor(step, stepsPerEpoch, epochs);
        }
    }
}
