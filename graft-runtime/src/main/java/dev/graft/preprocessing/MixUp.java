package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.SplittableRandom;

/**
 * Every picture of a batch laid over another one of it, and their targets likewise: {@code λ·a + (1 - λ)·b} with one
 * {@code λ ~ Beta(alpha, alpha)} for the batch (Zhang et al., <a href="https://arxiv.org/abs/1710.09412">arXiv
 * 1710.09412</a>).
 *
 * @param alpha above 0; 0.2 is usual: the smaller, the nearer one of the two pictures
 */
public record MixUp(double alpha) implements BatchMixing {
    public MixUp {
        Mixing.requireAlpha("MixUp", alpha);
    }

    public static MixUp of(double alpha) {
        return new MixUp(alpha);
    }

    @Override
    public Mixed apply(HostTensor pictures, HostTensor targets, SplittableRandom random) {
        Mixing.require("MixUp", pictures, targets);
        double lambda = Mixing.beta(alpha, random);
        int[] partners = Mixing.permutation(pictures.shape().size(0), random);
        return new Mixed(Mixing.blend(pictures, partners, lambda), Mixing.blend(targets, partners, lambda));
    }
}
