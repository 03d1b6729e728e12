package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a trainer must know to go on in the middle of a phase and end in the same weights, bit for bit, as if it had not
 * been interrupted: {@link StateKeeper} is given it, {@link Trainer#resume} takes it.
 *
 * <p>Kept are the weights as they are being trained, statistics included; those of the best epoch where they differ; the
 * mean of the weights; what the optimizer remembers of each; how far the phase is, what it measured so far and what
 * plateaus made of the rates. Not kept are random numbers, since each step draws its own from seed, epoch and step; the
 * order and the views of pictures, which depend on the epoch alone; frozen weights, which are the network's and compared by
 * hash; and gradients, since between two steps of the optimizer there are none. All numbers are stored with all their bits,
 * and libtorch repeats itself exactly on one machine with the same number of threads.
 *
 * @param plan what must be the same to go on, by what it is called
 * @param numbers how far the phase is
 * @param tensors by kind and the weight's full name: {@code weight/head.bias}, {@code optimizer/exp_avg/head.bias}
 */
public record TrainerState(Map<String, String> plan, PhaseNumbers numbers, Map<String, HostTensor> tensors) {
    static final String WEIGHT = "weight/";
    static final String BEST = "best/";
    static final String MEAN = "mean/";
    static final String OPTIMIZER = "optimizer/";

    public TrainerState {
        plan = Collections.unmodifiableMap(new LinkedHashMap<>(plan));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** The name of the phase. */
    public String phase() {
        return plan.getOrDefault(PhasePlan.NAME, "");
    }

    /** The epoch that it goes on in, from 1; one more than the phase has where all are done. */
    public int epoch() {
        return numbers.epoch();
    }

    /** How many batches of that epoch are done. */
    public int batches() {
        return numbers.batches();
    }

    /**
     * A tensor.
     *
     * @throws GraftException if there is none of that name, or it has another shape
     */
    HostTensor tensor(String name, Shape shape) {
        HostTensor tensor = tensors.get(name);
        if (tensor == null || !tensor.shape().equals(shape)) {
            throw new GraftException("the state of phase '" + phase() + "': expected " + name + " of shape " + shape
                    + ", got " + (tensor == null ? "none" : tensor.shape()) + "; begin the phase again");
        }
        return tensor;
    }

    /** How far a phase is, where {@link TrainerState} stands between two steps. */
    record PhaseNumbers(
            int epoch,
            int batches,
            double seconds,
            Metrics before,
            List<History.Epoch> epochs,
            BestEpoch.State progress,
            Meter.State meter,
            double factor,
            long averaged,
            Map<String, Long> optimizerSteps) {
        PhaseNumbers {
            if (epoch < 1 || batches < 0 || averaged < 0) {
                throw new IllegalArgumentException("epochs count from 1, batches and steps from 0");
            }
            epochs = List.copyOf(epochs);
            optimizerSteps = Map.copyOf(optimizerSteps);
        }
    }
}
