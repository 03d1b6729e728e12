package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import java.util.SplittableRandom;

/** What makes each picture of a batch from two of them, and mixes their targets likewise: {@link MixUp}, {@link CutMix}. */
public interface BatchMixing {
    /**
     * A batch mixed with itself in another order.
     *
     * @param pictures {@code [N, C, H, W]}
     * @param targets {@code [N, classes]}, one-hot or smoothed
     * @throws dev.graft.GraftException if the shapes are others or do not fit together
     */
    Mixed apply(HostTensor pictures, HostTensor targets, SplittableRandom random);
}
