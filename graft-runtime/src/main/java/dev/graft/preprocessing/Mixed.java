package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;

/**
 * A batch whose examples are made of two each.
 *
 * @param inputs {@code [N, ...]}
 * @param targets {@code [N, classes]}, each row summing up to what it did before
 */
public record Mixed(HostTensor inputs, HostTensor targets) {}
