package dev.graft.transfer.phase;

import dev.graft.transfer.TransferEvent;

/** Which weights are kept after fine-tuning. */
public record WeightsChosen(WeightInterpolation choice) implements TransferEvent {}
