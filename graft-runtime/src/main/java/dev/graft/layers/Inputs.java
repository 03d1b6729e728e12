package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** What layers ask of their input shapes; each throws a {@link ShapeException} that says what to do. */
public final class Inputs {
    private Inputs() {}

    /** The only input, of any shape. */
    public static Shape single(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new ShapeException("one input", inputs, "join several with Add, Multiply or Concatenate first");
        }
        return inputs.get(0);
    }

    /** The only input, an activation {@code [N, C, H, W]}. */
    public static Shape picture(List<Shape> inputs) {
        Shape shape = single(inputs);
        if (shape.rank() != 4) {
            throw new ShapeException(
                    "rank 4 [N, channels, height, width]",
                    inputs,
                    "this layer works on pictures; put it before GlobalAveragePooling2D or Flatten");
        }
        return shape;
    }

    /** Height times width of {@code [N, C, H, W]}. */
    static long pixels(Shape picture) {
        return (long) picture.size(2) * picture.size(3);
    }

    /** The only input, tokens {@code [N, tokens, size]}. */
    static Shape tokens(List<Shape> inputs) {
        Shape shape = single(inputs);
        if (shape.rank() != 3) {
            throw new ShapeException(
                    "rank 3 [N, tokens, size]", inputs, "put Tokens before it, which makes them of a picture");
        }
        return shape;
    }

    /** The only input, features {@code [N, units]}. */
    static Shape features(List<Shape> inputs) {
        Shape shape = single(inputs);
        if (shape.rank() != 2) {
            throw new ShapeException("rank 2 [N, units]", inputs, "put GlobalAveragePooling2D or Flatten before it");
        }
        return shape;
    }

    /** The only input, features {@code [N, units]} or tokens {@code [N, tokens, units]}. */
    static Shape featuresOrTokens(List<Shape> inputs) {
        Shape shape = single(inputs);
        if (shape.rank() != 2 && shape.rank() != 3) {
            throw new ShapeException("rank 2 [N, in]", inputs, "put GlobalAveragePooling2D or Flatten before it");
        }
        return shape;
    }

    static void several(List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new ShapeException("two inputs or more", inputs, "call it with each branch");
        }
    }
}
