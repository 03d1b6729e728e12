package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;

/**
 * A batch whose pictures are made of two each.
 *
 * @param pictures {@code [N, C, H, W]}
 * @param targets {@code [N, classes]}, each row summing up to what it did before
 */
public record Mixed(HostTensor pictures, HostTensor targets) {}
