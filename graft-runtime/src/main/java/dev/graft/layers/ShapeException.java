package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * A layer that cannot take its inputs. The message begins with what was expected; the graph puts the layer's kind and
 * name before it.
 */
public final class ShapeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ShapeException(String expected, List<Shape> got, String remedy) {
        super("expected " + expected + ", got " + describe(got) + "; " + remedy);
    }

    private static String describe(List<Shape> shapes) {
        return shapes.size() == 1 ? shapes.get(0).toString() : shapes.toString();
    }
}
