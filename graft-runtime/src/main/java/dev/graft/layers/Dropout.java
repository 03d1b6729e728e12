package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * In a training call, zeros a random share of the elements and scales the others up; else the identity. Shape kept.
 *
 * @param rate the share that is dropped, 0 to below 1
 */
public record Dropout(double rate) implements Layer {
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("Dropout: rate is from 0 to below 1, got " + rate);
        }
    }

    public static Dropout of(double rate) {
        return new Dropout(rate);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.single(inputs);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.training() && stochastic() ? call.ops().dropout(call.input(), rate) : call.input();
    }

    @Override
    public boolean stochastic() {
        return rate > 0;
    }
}
