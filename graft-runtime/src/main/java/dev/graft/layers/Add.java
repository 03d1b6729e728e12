package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/** The sum of two or more inputs of one shape. */
public record Add() implements Layer {
    @Override
    public Shape outputShape(List<Shape> inputs) {
        Inputs.several(inputs);
        if (inputs.stream().distinct().count() > 1) {
            throw new ShapeException("inputs of one shape", inputs, "give both branches the same filters and stride");
        }
        return inputs.get(0);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.inputs().stream().reduce(call.ops()::add).orElseThrow();
    }
}
