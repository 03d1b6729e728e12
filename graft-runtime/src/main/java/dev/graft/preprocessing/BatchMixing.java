package dev.graft.preprocessing;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What makes each example of a batch from two of them, and mixes their targets likewise: {@link MixUp}, {@link CutMix}.
 * Examples are pictures, or what a frozen part of a network gives for them.
 */
public interface BatchMixing {
    /**
     * Draws who is mixed with whom and how much.
     *
     * @param inputs the shapes of a batch's inputs, {@code [N, ...]}: one, or several where a network is entered at several
     *     values, which are mixed alike
     * @throws dev.graft.GraftException if they cannot be mixed
     */
    Mixture draw(List<Shape> inputs, SplittableRandom random);

    /**
     * A batch of one input mixed with itself in another order.
     *
     * @param inputs {@code [N, ...]}
     * @param targets {@code [N, classes]}, one-hot or smoothed
     * @throws dev.graft.GraftException if the shapes are others or do not fit together
     */
    default Mixed apply(HostTensor inputs, HostTensor targets, SplittableRandom random) {
        Mixture mixture = draw(List.of(inputs.shape()), random);
        return new Mixed(mixture.inputs(inputs), mixture.targets(targets));
    }
}
