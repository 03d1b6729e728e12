package dev.graft.train;

import dev.graft.tensor.HostTensor;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An exponential mean of the weights that train, beside them in libtorch; see {@link Phase#ema}. */
final class WeightAverage implements AutoCloseable {
    private final List<Tensor> weights;
    private final List<String> names;
    private final List<Tensor> means = new ArrayList<>();
    private final double decay;
    private long steps;

    /** Begins with the weights as they are. */
    WeightAverage(LiveNetwork live, double decay) {
        this.weights = List.copyOf(live.trainableWeights().values());
        this.names = List.copyOf(live.trainableWeights().keySet());
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

    /** How many steps it is the mean of. */
    long steps() {
        return steps;
    }

    /** Copies of the means by the weights' names. */
    Map<String, HostTensor> toHost() {
        Map<String, HostTensor> copies = new LinkedHashMap<>();
        for (int i = 0; i < means.size(); i++) {
            copies.put(names.get(i), means.get(i).toHost());
        }
        return copies;
    }

    /** Goes on from {@link #toHost} after so many steps. */
    void restore(Function<String, HostTensor> copies, long made) {
        for (int i = 0; i < means.size(); i++) {
            means.get(i).assign(copies.apply(names.get(i)));
        }
        steps = made;
    }

    @Override
    public void close() {
        means.forEach(Tensor::close);
        means.clear();
    }
}
