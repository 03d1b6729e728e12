package dev.graft.preprocessing;

import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Every example of a batch laid over another one of it, and their targets likewise: {@code λ·a + (1 - λ)·b} with one
 * {@code λ ~ Beta(alpha, alpha)} for the batch (Zhang et al., <a href="https://arxiv.org/abs/1710.09412">arXiv
 * 1710.09412</a>). Inputs may be of any rank from 2 on: on what a frozen part of a network gives it is Manifold MixUp
 * (Verma et al., <a href="https://arxiv.org/abs/1806.05236">arXiv 1806.05236</a>).
 *
 * @param alpha above 0; 0.2 is usual: the smaller, the nearer one of the two examples
 */
public record MixUp(double alpha) implements BatchMixing {
    public MixUp {
        Mixing.requireAlpha("MixUp", alpha);
    }

    public static MixUp of(double alpha) {
        return new MixUp(alpha);
    }

    @Override
    public Mixture draw(List<Shape> inputs, SplittableRandom random) {
        int rows = Mixing.rows("MixUp", inputs);
        double lambda = Mixing.beta(alpha, random);
        return new Mixture(Mixing.permutation(rows, random), lambda, Optional.empty());
    }
}
