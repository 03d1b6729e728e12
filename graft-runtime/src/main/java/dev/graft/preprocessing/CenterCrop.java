package dev.graft.preprocessing;

import dev.graft.data.CropBox;
import dev.graft.layers.Call;
import dev.graft.layers.Inputs;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;

/**
 * The middle of pictures, {@code [N, C, H, W] -> [N, C, height, width]}, in training and in inference. As in Keras, a
 * picture that is smaller on one side is resized instead: the largest part with the new aspect, bilinear.
 */
public record CenterCrop(int height, int width) implements PictureTransform {
    public CenterCrop {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("CenterCrop: expected at least 1x1 pixels, got " + height + "x" + width);
        }
    }

    public static CenterCrop of(int height, int width) {
        return new CenterCrop(height, width);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.batchOf(Inputs.picture(inputs).size(1), height, width);
    }

    @Override
    public <T> T forward(Call<T> call) {
        int fromHeight = call.inputShape().size(2);
        int fromWidth = call.inputShape().size(3);
        if (fromHeight < height || fromWidth < width) {
            return resizing().forward(call);
        }
        CropBox box = CropBox.middle(fromHeight, fromWidth, height, width);
        return box.isAllOf(fromHeight, fromWidth)
                ? call.input()
                : call.ops().crop(call.input(), box.top(), box.left(), height, width);
    }

    @Override
    public HostTensor apply(HostTensor picture) {
        Pictures.require(this, picture);
        Planes planes = Planes.of(picture);
        boolean small = planes.height() < height || planes.width() < width;
        Planes cropped = small
                ? resizing().resize(planes)
                : planes.crop(CropBox.middle(planes.height(), planes.width(), height, width));
        return cropped.toHost();
    }

    private Resizing resizing() {
        return Resizing.of(height, width).croppingToAspectRatio();
    }
}
