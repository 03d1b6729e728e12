package dev.graft.preprocessing;

import dev.graft.layers.Layer;
import dev.graft.tensor.HostTensor;

/** A layer that prepares pictures the same way in training and in inference; usable in front of a model as well. */
public interface PictureTransform extends Layer {
    /**
     * One picture {@code [C, H, W]} transformed, as the layer does it inside a model.
     *
     * @throws dev.graft.GraftException if it is no picture that the layer can take
     */
    HostTensor apply(HostTensor picture);
}
