package dev.graft.transfer.config;

/** What is done about classes of different sizes. */
public enum Balance {
    /** Nothing: each picture counts alike. */
    NONE,
    /** Pictures of rare classes count more, {@code dev.graft.dataset.ClassWeights.balanced}. */
    WEIGHTS,
    /** Pictures of rare classes come more often: each class equally often in an epoch. */
    SAMPLING
}
