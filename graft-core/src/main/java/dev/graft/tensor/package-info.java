/**
 * Numbers with a shape, and the operations on them. {@link dev.graft.tensor.Ops} is the vocabulary that every layer is
 * written in; {@link dev.graft.tensor.TorchOps} speaks it with libtorch, package {@code onnx} with ONNX. The classes
 * {@code Tensor}, {@code Scope}, {@code Torch*} are the only place of the project that knows JavaCPP's PyTorch.
 */
@NullMarked
package dev.graft.tensor;

import org.jspecify.annotations.NullMarked;
