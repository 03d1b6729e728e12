package dev.graft.torch;

import org.bytedeco.pytorch.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What a convolution is given so that it also does the batch normalisation after it, from stored statistics. Gradients
 * pass through to the weights that it is made of, so filters, gamma and beta train as if nothing were folded.
 *
 * @param weight {@code weight · gamma / sqrt(variance + epsilon)}, laid out as the weight
 * @param bias {@code beta + (bias - mean) · gamma / sqrt(variance + epsilon)}
 */
public record FoldedConvolution(Tensor weight, Tensor bias) {
    /**
     * Folds; the results join the innermost scope.
     *
     * @param weight {@code [out, in / groups, kH, kW]}
     * @param bias {@code [out]} as all that follow, or null where the convolution has none
     */
    public static FoldedConvolution of(
            Tensor weight,
            @Nullable Tensor bias,
            Tensor gamma,
            Tensor beta,
            Tensor mean,
            Tensor variance,
            double epsilon) {
        var factor =
                gamma.pointer().mul(variance.pointer().add(new Scalar(epsilon)).rsqrt());
        var folded = weight.pointer().mul(factor.reshape(-1, 1, 1, 1));
        var shift = bias == null
                ? beta.pointer().sub(mean.pointer().mul(factor))
                : beta.pointer().add(bias.pointer().sub(mean.pointer()).mul(factor));
        return new FoldedConvolution(Tensor.wrap(folded), Tensor.wrap(shift));
    }
}
