/**
 * libtorch: tensors in native memory, gradients, optimizers.
 *
 * <p>Native memory is freed by lexical {@link dev.graft.torch.Scope}: a {@link dev.graft.torch.Tensor} belongs to the scope
 * in which it was made, unless it is kept. This is the only package that knows JavaCPP's PyTorch.
 */
@NullMarked
package dev.graft.torch;

import org.jspecify.annotations.NullMarked;
