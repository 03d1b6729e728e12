package dev.graft.preprocessing;

import dev.graft.data.CropBox;
import dev.graft.layers.Call;
import dev.graft.layers.Inputs;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A part of each picture at a random place, {@code [N, C, H, W] -> [N, C, height, width]}. In inference, and where a
 * picture is smaller on one side, it is the largest part with the new aspect from the middle, resized (bilinear): what
 * Keras documents.
 */
public record RandomCrop(int height, int width, long seed) implements RandomTransform {
    public RandomCrop {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("RandomCrop: expected at least 1x1 pixels, got " + height + "x" + width);
        }
    }

    public static RandomCrop of(int height, int width) {
        return new RandomCrop(height, width, 0);
    }

    public RandomCrop seed(long number) {
        return new RandomCrop(height, width, number);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.batchOf(Inputs.picture(inputs).size(1), height, width);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.training()
                ? RandomTransform.super.forward(call)
                : resizing().forward(call);
    }

    @Override
    public HostTensor transform(HostTensor picture, SplittableRandom random) {
        Planes planes = Planes.of(picture);
        int spareHeight = planes.height() - height;
        int spareWidth = planes.width() - width;
        if (spareHeight < 0 || spareWidth < 0) {
            return resizing().resize(planes).toHost();
        }
        int top = random.nextInt(spareHeight + 1);
        int left = random.nextInt(spareWidth + 1);
        return planes.crop(new CropBox(top, left, height, width)).toHost();
    }

    private Resizing resizing() {
        return Resizing.of(height, width).croppingToAspectRatio();
    }
}
