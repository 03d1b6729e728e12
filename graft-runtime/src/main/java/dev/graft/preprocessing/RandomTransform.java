package dev.graft.preprocessing;

import dev.graft.layers.Call;
import dev.graft.layers.Inputs;
import dev.graft.layers.Layer;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A layer that changes pictures at random in training calls, each picture of a batch in its own way, and gives them on as
 * they are otherwise. Inside a model its random numbers come from the engine ({@code Torch.seed} fixes them) and it must
 * stand before the first trainable layer, since no gradient passes through it; in front of a model they are given.
 *
 * <p>An implementation is a record with {@link #transform}; nothing else need be written for a size that is kept.
 */
public interface RandomTransform extends Layer {
    /** Mixed into the random numbers: equal layers with other seeds change the same picture differently. */
    long seed();

    /** One picture {@code [C, H, W]} changed as the random numbers say; the picture that comes in stays as it is. */
    HostTensor transform(HostTensor picture, SplittableRandom random);

    /**
     * The same for a picture that nobody else has and that may be overwritten: for a layer that saves a copy so. Unless
     * overridden, {@link #transform}.
     */
    default HostTensor transformOwn(HostTensor picture, SplittableRandom random) {
        return transform(picture, random);
    }

    /**
     * One picture {@code [C, H, W]} changed, as in a training call. The same numbers and seed give the same result.
     *
     * @throws dev.graft.GraftException if it is no picture that the layer can take
     */
    default HostTensor apply(HostTensor picture, SplittableRandom random) {
        Pictures.require(this, picture);
        return transform(picture, Pictures.random(this, random));
    }

    /**
     * Each picture of a batch {@code [N, C, H, W]} changed in its own way.
     *
     * @throws dev.graft.GraftException if it is no batch that the layer can take
     */
    default HostTensor applyToBatch(HostTensor pictures, SplittableRandom random) {
        Pictures.requireBatch(this, pictures);
        Shape shape = pictures.shape();
        Shape result = outputShape(List.of(shape)).withBatch(shape.size(0));
        return Pictures.map(pictures, result, picture -> apply(picture, random));
    }

    @Override
    default Shape outputShape(List<Shape> inputs) {
        return Inputs.picture(inputs);
    }

    @Override
    default <T> T forward(Call<T> call) {
        if (!call.training()) {
            return call.input();
        }
        SplittableRandom random = new SplittableRandom(call.ops().draw());
        return call.ops().onHost(call.input(), pictures -> applyToBatch(pictures, random));
    }

    @Override
    default boolean stochastic() {
        return true;
    }
}
