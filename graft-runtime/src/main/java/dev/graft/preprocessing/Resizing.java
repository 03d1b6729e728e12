package dev.graft.preprocessing;

import dev.graft.data.CropBox;
import dev.graft.layers.Call;
import dev.graft.layers.Inputs;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Interpolation;
import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * Pictures of another size, {@code [N, C, H, W] -> [N, C, height, width]}, in training and in inference. Bilinear between
 * pixel centres and without antialiasing, as Keras' layer and torch's {@code interpolate(align_corners=False)}: pictures
 * that shrink to less than half are better resized when their files are read.
 *
 * @param cropToAspectRatio cuts the largest part with the new aspect out of the middle first; else the aspect may change
 */
public record Resizing(int height, int width, Interpolation interpolation, boolean cropToAspectRatio)
        implements PictureTransform {
    public Resizing {
        Objects.requireNonNull(interpolation, "interpolation");
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("Resizing: expected at least 1x1 pixels, got " + height + "x" + width);
        }
    }

    /** Bilinear, to the whole of the picture. */
    public static Resizing of(int height, int width) {
        return new Resizing(height, width, Interpolation.BILINEAR, false);
    }

    public Resizing interpolation(Interpolation between) {
        return new Resizing(height, width, between, cropToAspectRatio);
    }

    public Resizing croppingToAspectRatio() {
        return new Resizing(height, width, interpolation, true);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.batchOf(Inputs.picture(inputs).size(1), height, width);
    }

    @Override
    public <T> T forward(Call<T> call) {
        Ops<T> ops = call.ops();
        Shape input = call.inputShape();
        CropBox box = part(input.size(2), input.size(3));
        boolean whole = box.isAllOf(input.size(2), input.size(3));
        T part = whole ? call.input() : ops.crop(call.input(), box.top(), box.left(), box.height(), box.width());
        Shape from = Shape.batchOf(input.size(1), box.height(), box.width());
        Shape to = outputShape(call.inputShapes());
        return from.equals(to) ? part : ops.resize(part, from, to, interpolation);
    }

    @Override
    public HostTensor apply(HostTensor picture) {
        Pictures.require(this, picture);
        return resize(Planes.of(picture)).toHost();
    }

    Planes resize(Planes picture) {
        return HostResize.resize(picture.crop(part(picture.height(), picture.width())), height, width, interpolation);
    }

    private CropBox part(int fromHeight, int fromWidth) {
        return cropToAspectRatio
                ? CropBox.ofAspect(fromHeight, fromWidth, height, width)
                : new CropBox(0, 0, fromHeight, fromWidth);
    }
}
