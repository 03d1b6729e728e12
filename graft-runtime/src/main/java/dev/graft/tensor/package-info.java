/**
 * Numbers and their shapes, and the operations that layers are written in.
 *
 * <p>{@link dev.graft.tensor.HostTensor} holds numbers in memory of the JVM, {@link dev.graft.tensor.Shape} says how they
 * lie. {@link dev.graft.tensor.Ops} is what an engine must be able to do: libtorch computes it ({@code dev.graft.torch}),
 * {@code dev.graft.onnx} writes it down as a graph.
 */
@NullMarked
package dev.graft.tensor;

import org.jspecify.annotations.NullMarked;
