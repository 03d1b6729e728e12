package dev.graft.train;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.GradientScope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import dev.graft.torch.TorchOptimizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The optimizer's steps of one phase: at which rates, from how many batches, and the mean of the weights over them. */
final class Stepper implements AutoCloseable {
    private static final TorchOps OPS = new TorchOps();

    private final LiveNetwork live;
    private final TorchOptimizer optimizer;
    private final List<Optimizer.Assigned> groups;
    private final Phase phase;
    private final int stepsPerEpoch;
    private final @Nullable WeightAverage average;
    private double plateau = 1;
    private double factor = 1;
    private long step;
    private int batches;
    private long examples;

    /** @param count how many batches an epoch has */
    Stepper(LiveNetwork live, TorchOptimizer optimizer, List<Optimizer.Assigned> groups, Phase phase, int count) {
        this.live = live;
        this.optimizer = optimizer;
        this.groups = groups;
        this.phase = phase;
        this.stepsPerEpoch = phase.stepping().steps(count);
        double decay = phase.stepping().averageDecay();
        this.average = decay == 0 ? null : new WeightAverage(live, decay);
        // Of a phase that failed between two batches of one step.
        optimizer.forgetGradients();
    }

    /**
     * Begins an epoch.
     *
     * @param epoch counted from 1
     * @param rate the factor that plateaus have led to
     * @param passed how many of its batches were made steps of before
     */
    void begin(int epoch, double rate, int passed) {
        step = (long) (epoch - 1) * stepsPerEpoch + phase.stepping().steps(passed);
        plateau = rate;
    }

    /** Takes the loss of a batch, the mean over its examples, and makes a step when there are batches enough. */
    void add(GradientScope tape, Tensor loss, int size) {
        boolean single = phase.stepping().batches() == 1;
        // The sum over examples, so that a smaller last batch counts for what it has.
        tape.backward(single ? loss : OPS.multiply(loss, live.tensor(HostTensor.of(Shape.of(1), (float) size))));
        batches++;
        examples += size;
        if (batches == phase.stepping().batches()) {
            step();
        }
    }

    /** Makes the last step of an epoch, if there are batches left for one. */
    void end() {
        if (batches > 0) {
            step();
        }
    }

    private void step() {
        factor = plateau * phase.schedule().factor(step, stepsPerEpoch, phase.epochs());
        setRates();
        if (phase.stepping().batches() > 1) {
            optimizer.scaleGradients(1.0 / examples);
        }
        optimizer.step();
        if (average != null) {
            average.add();
        }
        step++;
        batches = 0;
        examples = 0;
    }

    private void setRates() {
        for (int group = 0; group < groups.size(); group++) {
            optimizer.setLearningRate(group, groups.get(group).learningRate() * factor);
        }
    }

    /** Whether no batch waits for others to make a step with. */
    boolean isBetween() {
        return batches == 0;
    }

    @Nullable WeightAverage average() {
        return average;
    }

    /** Sets the rates to those of the last step, which schedule and plateaus led to with this factor. */
    void restore(double of) {
        factor = of;
        setRates();
    }

    /** What schedule and plateaus made of the rates in the last step. */
    double factor() {
        return factor;
    }

    /** Until it is closed the network has the mean of the weights, where there is one. */
    Means means() {
        return new Means(average);
    }

    /** The means in place of the weights. */
    static final class Means implements AutoCloseable {
        private final @Nullable WeightAverage average;

        private Means(@Nullable WeightAverage average) {
            this.average = average;
            swap();
        }

        private void swap() {
            if (average != null) {
                average.swap();
            }
        }

        @Override
        public void close() {
            swap();
        }
    }

    @Override
    public void close() {
        if (average != null) {
            average.close();
        }
    }
}
