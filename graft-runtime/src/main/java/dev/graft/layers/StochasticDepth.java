package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.List;

/**
 * In a training call, zeros the whole branch of randomly chosen examples and scales that of the others up; else the
 * identity (Huang et al. 2016, "Deep Networks with Stochastic Depth"; torchvision's row mode). Stands at the end of a
 * residual branch, before the sum. Shape kept.
 *
 * @param rate the probability that an example's branch is dropped, 0 to below 1
 */
public record StochasticDepth(double rate) implements Layer {
    public StochasticDepth {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("StochasticDepth: rate is from 0 to below 1, got " + rate);
        }
    }

    public static StochasticDepth of(double rate) {
        return new StochasticDepth(rate);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.single(inputs);
    }

    @Override
    public <T> T forward(Call<T> call) {
        return call.training() && stochastic() ? call.ops().dropExamples(call.input(), rate) : call.input();
    }

    @Override
    public boolean stochastic() {
        return rate > 0;
    }
}
