package dev.graft.transfer.config;

/** What batch normalisation in the unfrozen part of a backbone does while it is fine-tuned. */
public enum BatchNormPolicy {
    /** It uses and keeps its statistics; gamma and beta train. */
    STATISTICS_FROZEN,
    /** It uses and keeps its statistics, gamma and beta. */
    FROZEN,
    /** It uses the batch's statistics, and its own move; gamma and beta train. */
    MOVING
}
