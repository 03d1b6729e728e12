package dev.graft.transfer.plan;

import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.ResolvedSettings;

/**
 * What is about to be done, and why.
 *
 * @param settings with everything decided that was left open
 */
public record Planned(TransferPlan plan, ResolvedSettings settings) implements TransferEvent {}
