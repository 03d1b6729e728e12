package dev.graft.train;

/** What the loop tells while it runs, in order: warnings, a phase starts, its steps and epochs, the phase ends. */
public sealed interface TrainingEvent {
    /** Something that is allowed and is seldom meant: a learning rate that destroys pretrained weights, say. */
    record Warned(String message) implements TrainingEvent {}

    record PhaseStarted(Phase phase, int examples, int stepsPerEpoch) implements TrainingEvent {}

    /** @param running mean over the epoch so far */
    record StepDone(int epoch, int step, int steps, Metrics running) implements TrainingEvent {}

    record EpochDone(History.Epoch epoch, boolean best) implements TrainingEvent {}

    record PhaseDone(History history) implements TrainingEvent {}
}
