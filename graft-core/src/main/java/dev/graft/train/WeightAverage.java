package dev.graft.train;

import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** An exponential mean of the weights that train, beside them in libtorch; see {@link Phase#ema}. */
final class WeightAverage implements AutoCloseable {
    private final List<Tensor> weights;
    private final List<Tensor> means = new ArrayList<>();
    private final double decay;
    private long steps;

    /** Begins with the weights as they are. */
    WeightAverage(LiveNetwork live, double decay) {
        this.weights = List.copyOf(live.trainableWeights().values());
        this.decay = decay;
        try (var scope = Scope.open()) {
            weights.forEach(weight -> means.add(weight.copy().keep()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** After a step of the optimizer. */
    void add() {
        steps++;
        double kept = Math.min(decay, (1.0 + steps) / (10.0 + steps));
        for (int i = 0; i < means.size(); i++) {
            means.get(i).moveTowards(weights.get(i), 1 - kept);
        }
    }

    /** Puts the means where the weights are, and the other way round the next time. */
    void swap() {
        for (int i = 0; i < means.size(); i++) {
            means.get(i).swap(weights.get(i));
        }
    }

    @Override
    public void close() {
        means.forEach(Tensor::close);
        means.clear();
    }
}
