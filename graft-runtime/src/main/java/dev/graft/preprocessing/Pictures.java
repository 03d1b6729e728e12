package dev.graft.preprocessing;

import dev.graft.GraftException;
import dev.graft.layers.Layer;
import dev.graft.layers.ShapeException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** What preprocessing asks of pictures that do not come through a model, whose graph has checked them. */
final class Pictures {
    private Pictures() {}

    /** Refuses what is no picture {@code [C, H, W]} that the layer can take. */
    static void require(Layer layer, HostTensor picture) {
        Shape shape = picture.shape();
        if (shape.rank() != 3 || picture.elements() == 0) {
            throw new GraftException(layer.typeName() + ": expected a picture [channels, height, width], got " + shape
                    + "; give one picture at a time");
        }
        requireShape(layer, Shape.batchOf(shape.sizes()));
    }

    /** Refuses what is no batch {@code [N, C, H, W]} that the layer can take. */
    static void requireBatch(Layer layer, HostTensor pictures) {
        requireShape(layer, pictures.shape());
    }

    private static void requireShape(Layer layer, Shape shape) {
        try {
            layer.outputShape(List.of(shape));
        } catch (ShapeException misfit) {
            throw new GraftException(layer.typeName() + ": " + misfit.getMessage(), misfit);
        }
    }

    /** What a layer draws from, of the random numbers that all layers draw from. */
    static SplittableRandom random(RandomTransform layer, SplittableRandom all) {
        return new SplittableRandom(all.nextLong() ^ layer.seed());
    }

    /** The function's results for each picture of a batch, put together again. */
    static HostTensor map(HostTensor batch, Shape result, UnaryOperator<HostTensor> function) {
        int[] sizes = batch.shape().sizes();
        Shape picture = Shape.of(sizes[1], sizes[2], sizes[3]);
        int elements = Math.toIntExact(picture.elements());
        FloatBuffer values = batch.values();
        FloatBuffer out = FloatBuffer.allocate(Math.toIntExact(result.elements()));
        for (int i = 0; i < sizes[0]; i++) {
            HostTensor one = new HostTensor(picture, values.slice(i * elements, elements));
            out.put(function.apply(one).values());
        }
        return new HostTensor(result, out.flip());
    }
}
