package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.torch.Engine;
import dev.graft.torch.GradientScope;
import dev.graft.torch.RandomState;
import dev.graft.torch.Tensor;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchOptimizer;
import dev.graft.train.RateCurve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks for a learning rate: trains for some steps on a copy of the weights while the rate rises by the same factor from
 * step to step, until the loss explodes (Smith 2017, "Cyclical learning rates for training neural networks", 3.3). The
 * network and the state that dropout draws from are afterwards what they were.
 *
 * <pre>{@code
 * RateCurve curve = RateFinder.of(network, Optimizer.adamW(1e-3), Loss.crossEntropy()).run(training);
 * double rate = curve.suggestion().orElseThrow();
 * }</pre>
 *
 * @param program what runs in each step: the network's, or the suffix of a cut
 * @param optimizer whose rate is tried; groups with other rates go with it in proportion
 * @param objectives one an output
 * @param range which rates
 * @param engine what computes the steps
 */
public record RateFinder(
        Network network, Program program, Optimizer optimizer, List<Objective> objectives, Range range, Engine engine) {
    /** What the mean of losses keeps of itself: over 100 steps fastai's 0.98 would come late by half of the range. */
    private static final double SMOOTHING = 0.9;

    /** How many times the lowest smoothed loss ends the search, as in fastai. */
    private static final double EXPLODED = 4;

    private static final long SEED = 42;

    /**
     * The rates that are tried.
     *
     * @param from in the first step
     * @param to in the last step
     * @param steps at most
     */
    public record Range(double from, double to, int steps) {
        /** Fewer make no curve. */
        public static final int LEAST_STEPS = 10;
        /** A curve has no use for more, and they take long. */
        public static final int MOST_STEPS = 10_000;

        public Range {
            if (!(from > 0 && from < to && to <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "rates are tried from one above 0 up to a higher one, got " + from + " and " + to);
            }
            if (steps < LEAST_STEPS || steps > MOST_STEPS) {
                throw new IllegalArgumentException(
                        "rates are tried over " + LEAST_STEPS + " to " + MOST_STEPS + " steps, got " + steps);
            }
        }

        /** fastai's: 1e-7 to 10 in 100 steps. */
        public static Range standard() {
            return new Range(1e-7, 10, 100);
        }

        double rate(int step) {
            return from * Math.pow(to / from, step / (steps - 1.0));
        }
    }

    public RateFinder {
        objectives = List.copyOf(objectives);
    }

    /**
     * For a network with one output, over the {@linkplain Range#standard standard} range and on the {@linkplain
     * Engine#best() best engine} there is.
     */
    public static RateFinder of(Network network, Optimizer optimizer, Loss loss) {
        return of(network, network.program(), optimizer, Objective.of(loss));
    }

    /**
     * For a network or a part of it, over the {@linkplain Range#standard standard} range and on the {@linkplain
     * Engine#best() best engine} there is.
     */
    public static RateFinder of(Network network, Program program, Optimizer optimizer, Objective... objectives) {
        return new RateFinder(network, program, optimizer, List.of(objectives), Range.standard(), Engine.best());
    }

    public RateFinder range(Range other) {
        return new RateFinder(network, program, optimizer, objectives, other, engine);
    }

    public RateFinder on(Engine other) {
        return new RateFinder(network, program, optimizer, objectives, range, other);
    }

    /** Tries the rates on batches of training examples; begins another pass where one is not enough. */
    public RateCurve run(Batches training) {
        return run(training, point -> {});
    }

    /**
     * Tries the rates.
     *
     * @param listener is told of each step
     * @throws GraftException if nothing is trainable, there are no examples, or the first loss is no number
     */
    public RateCurve run(Batches training, Consumer<? super Point> listener) {
        Objectives counted = new Objectives(program, objectives);
        try (var random = RandomState.keep();
                var live = LiveNetwork.open(network, program, engine);
                var stepping = live.optimizer(optimizer)) {
            Torch.seed(SEED);
            return new Search(counted, live, stepping, listener).run(training);
        }
    }

    /** One search. */
    private final class Search {
        private final Objectives objectives;
        private final LiveNetwork live;
        private final TorchOptimizer steps;
        private final Consumer<? super Point> listener;
        private final double[] proportions;
        private final List<Point> points = new ArrayList<>();
        private double mean;
        private double lowest = Double.POSITIVE_INFINITY;

        Search(Objectives objectives, LiveNetwork live, TorchOptimizer steps, Consumer<? super Point> listener) {
            this.objectives = objectives;
            this.live = live;
            this.steps = steps;
            this.listener = listener;
            this.proportions = new double[steps.groups()];
            for (int group = 0; group < proportions.length; group++) {
                proportions[group] = steps.learningRate(group) / optimizer.learningRate();
            }
        }

        RateCurve run(Batches training) {
            boolean goesOn = true;
            for (int epoch = 0; goesOn && points.size() < range.steps(); epoch++) {
                int before = points.size();
                try (var reader = training.open(epoch)) {
                    Batch batch = reader.next();
                    while (goesOn && batch != null && points.size() < range.steps()) {
                        goesOn = step(batch);
                        batch = goesOn ? reader.next() : null;
                    }
                }
                if (goesOn && points.size() == before) {
                    throw new GraftException("rate finder: there are no examples to try rates on");
                }
            }
            return new RateCurve(points, !goesOn);
        }

        /** Makes one step; whether another one makes sense. */
        private boolean step(Batch batch) {
            double rate = range.rate(points.size());
            try (var tape = GradientScope.open(engine)) {
                objectives.check(batch);
                List<Tensor> outputs = live.call(batch.inputs(), true);
                Tensor loss = objectives.loss(live, outputs, batch, batch.weights());
                float number = loss.item();
                if (!Float.isFinite(number)) {
                    return lost(number);
                }
                if (!add(rate, number)) {
                    return false;
                }
                for (int group = 0; group < proportions.length; group++) {
                    steps.setLearningRate(group, rate * proportions[group]);
                }
                tape.backward(loss);
                steps.step();
                return true;
            }
        }

        private boolean lost(float number) {
            if (points.isEmpty()) {
                throw new GraftException("rate finder: the loss is " + number + " before the first step; look for"
                        + " weights or inputs that are no finite numbers");
            }
            return false;
        }

        private boolean add(double rate, double loss) {
            mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
            double smoothed = mean / (1 - Math.pow(SMOOTHING, points.size() + 1.0));
            Point point = new Point(rate, loss, smoothed);
            points.add(point);
            listener.accept(point);
            lowest = Math.min(lowest, smoothed);
            return points.size() == 1 || smoothed <= EXPLODED * lowest;
        }
    }
}
