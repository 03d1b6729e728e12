package dev.graft.torch;

import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What solvers need of libtorch beside the operations of layers. Results join the innermost scope. */
public final class LinearAlgebra {
    private LinearAlgebra() {}

    /** {@code a·b} of matrices {@code [m, k]} and {@code [k, n]}. */
    public static Tensor product(Tensor a, Tensor b) {
        return Tensor.wrap(torch.mm(a.pointer(), b.pointer()));
    }

    /** {@code aᵀ·b} of matrices {@code [k, m]} and {@code [k, n]}. */
    public static Tensor transposedProduct(Tensor a, Tensor b) {
        return Tensor.wrap(torch.mm(a.pointer().t(), b.pointer()));
    }

    /** {@code a·bᵀ} of matrices {@code [m, k]} and {@code [n, k]}. */
    public static Tensor productTransposed(Tensor a, Tensor b) {
        return Tensor.wrap(torch.mm(a.pointer(), b.pointer().t()));
    }

    /**
     * The eigenvalues of a symmetric matrix with their vectors.
     *
     * @param values {@code [n]}, ascending
     * @param vectors {@code [n, n]}, one a column
     */
    public record Eigen(Tensor values, Tensor vectors) {}

    /** Decomposes a symmetric matrix {@code [n, n]}, in double precision. */
    public static Eigen symmetricEigen(Tensor matrix) {
        T_TensorTensor_T both = torch.linalg_eigh(matrix.pointer().to(ScalarType.Double));
        return new Eigen(single(both.get0()), single(both.get1()));
    }

    private static Tensor single(org.bytedeco.pytorch.Tensor numbers) {
        return Tensor.wrap(numbers.to(ScalarType.Float));
    }
}
