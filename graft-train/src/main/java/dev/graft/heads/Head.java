package dev.graft.heads;

import dev.graft.SettingException;
import dev.graft.dataset.ClassWeights;
import dev.graft.layers.Activation;
import dev.graft.layers.CosineDense;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.Layer;
import dev.graft.layers.NearestNeighbours;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.torch.Engine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What goes on a backbone's features {@code [N, size]} to give logits {@code [N, classes]}: an ordinary layer, so that
 * every head trains on, exports and predicts alike. Some heads are solved on the features in one go; the others are
 * trained by gradients.
 */
public sealed interface Head {
    /**
     * What heads are solved on.
     *
     * @param weights how much the examples of each class count
     * @param seed decides the folds of a cross-validation
     * @param engine what computes, where libtorch does
     */
    record Task(FeatureTable table, ClassWeights weights, long seed, Engine engine) {}

    /**
     * A head's weights.
     *
     * @param weights by their names in the layer
     * @param regularisation that was chosen or given, where the head has one
     */
    record Solution(Map<String, HostTensor> weights, OptionalDouble regularisation) {}

    /** What a user calls it. */
    String name();

    /**
     * The layer.
     *
     * @param size of a picture's features
     * @param examples how many the head will be solved on
     */
    Layer layer(int size, int classes, int examples);

    /** The weights, where they can be solved; empty for a head that is trained. */
    default Optional<Solution> solve(Task task) {
        return Optional.empty();
    }

    /** Whether {@link #solve} gives the weights. */
    default boolean isSolved() {
        return true;
    }

    /** Whether gradients can move it, and the backbone below it. */
    default boolean trains() {
        return true;
    }

    /** Whether its regularisation is found by cross-validation, which needs pictures to hold out. */
    default boolean isCrossValidated() {
        return false;
    }

    /** The same with that regularisation in place of one that is to be found; this where it has none. */
    default Head regularised(double strength) {
        return this;
    }

    /** Whether {@link #solve} takes account of how much classes count. */
    default boolean weighsClasses() {
        return true;
    }

    /** Linear, solved; {@code regularisation} 0 is found by cross-validation. */
    record Linear(LinearLoss loss, double regularisation) implements Head {
        public Linear {
            if (!(regularisation >= 0 && regularisation < Double.POSITIVE_INFINITY)) {
                throw new SettingException("regularisation", "expected a number above 0, got " + regularisation);
            }
        }

        @Override
        public String name() {
            return loss == LinearLoss.LOGISTIC ? "logistic" : "svm";
        }

        @Override
        public Layer layer(int size, int classes, int examples) {
            return Dense.of(classes);
        }

        @Override
        public Optional<Solution> solve(Task task) {
            LinearSolver solver =
                    new LinearSolver(loss, task.seed()).weighted(task.weights()).on(task.engine());
            if (regularisation > 0) {
                return Optional.of(solution(solver.fit(task.table(), regularisation), regularisation));
            }
            LinearSolver.Fit fit = solver.fit(task.table());
            return Optional.of(solution(fit.head(), fit.regularisation()));
        }

        private static Solution solution(LinearHead head, double regularisation) {
            return new Solution(head.weights(), OptionalDouble.of(regularisation));
        }

        @Override
        public boolean isCrossValidated() {
            return regularisation == 0;
        }

        @Override
        public Head regularised(double strength) {
            return new Linear(loss, strength);
        }
    }

    /** {@link NearestMean}. */
    record Mean() implements Head {
        @Override
        public String name() {
            return "mean";
        }

        @Override
        public Layer layer(int size, int classes, int examples) {
            return Dense.of(classes);
        }

        @Override
        public Optional<Solution> solve(Task task) {
            LinearHead head = NearestMean.fit(task.table());
            return Optional.of(new Solution(head.weights(), OptionalDouble.empty()));
        }

        @Override
        public boolean weighsClasses() {
            return false;
        }
    }

    /** {@link Neighbours}: so many vote. */
    record Nearest(int neighbours) implements Head {
        /** How many vote where nothing else is said. */
        public static final int NEIGHBOURS = 5;

        public Nearest {
            if (neighbours < 1) {
                throw new SettingException("neighbours", "expected at least 1, got " + neighbours);
            }
        }

        @Override
        public String name() {
            return "knn";
        }

        @Override
        public Layer layer(int size, int classes, int examples) {
            return new NearestNeighbours(Math.min(neighbours, examples), examples, classes);
        }

        @Override
        public Optional<Solution> solve(Task task) {
            Neighbours known = Neighbours.fit(task.table(), neighbours);
            return Optional.of(new Solution(known.weights(), OptionalDouble.empty()));
        }

        @Override
        public boolean trains() {
            return false;
        }

        @Override
        public boolean weighsClasses() {
            return false;
        }
    }

    /** Linear, trained by gradients. */
    record TrainedLinear() implements Head {
        @Override
        public String name() {
            return "linear";
        }

        @Override
        public Layer layer(int size, int classes, int examples) {
            return Dense.of(classes);
        }

        @Override
        public boolean isSolved() {
            return false;
        }
    }

    /** {@link CosineDense}, trained by gradients. */
    record Cosine() implements Head {
        @Override
        public String name() {
            return "cosine";
        }

        @Override
        public Layer layer(int size, int classes, int examples) {
            return CosineDense.of(classes);
        }

        @Override
        public boolean isSolved() {
            return false;
        }
    }

    /**
     * Dense layers with ReLU, each with dropout after it, then a linear one; trained by gradients.
     *
     * @param units of the layers before the last
     * @param dropout the share of units that is dropped, 0 for none
     */
    record DenseLayers(List<Integer> units, double dropout) implements Head {
        /** How many units the one hidden layer has where nothing else is said. */
        public static final int UNITS = 256;

        /** What is dropped where nothing else is said. */
        public static final double DROPOUT = 0.5;

        private static final int MOST_WEIGHTS = 1 << 28;

        public DenseLayers {
            units = List.copyOf(units);
            if (units.isEmpty() || units.stream().anyMatch(count -> count < 1)) {
                throw new SettingException(
                        "hidden", "expected units of at least 1, such as 256 or 512,128, got " + units);
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new SettingException("dropout", "expected a share from 0 to below 1, got " + dropout);
            }
        }

        @Override
        public String name() {
            return "dense";
        }

        @Override
        public Layer layer(int size, int classes, int examples) {
            Node features = Node.input(size);
            Node last = features;
            long inputs = size;
            for (int i = 0; i < units.size(); i++) {
                if (inputs * units.get(i) > MOST_WEIGHTS || (long) units.get(i) * classes > MOST_WEIGHTS) {
                    throw new SettingException(
                            "hidden",
                            units.get(i) + " units on " + inputs + " inputs are more than the " + MOST_WEIGHTS
                                    + " weights that a layer may have; take fewer");
                }
                inputs = units.get(i);
                last = last.then("dense" + (i + 1), Dense.of(units.get(i)))
                        .then("relu" + (i + 1), Activation.of(Activation.Kind.RELU));
                last = dropout == 0 ? last : last.then("dropout" + (i + 1), Dropout.of(dropout));
            }
            return Model.of("head", features, last.then("logits", Dense.of(classes)));
        }

        @Override
        public boolean isSolved() {
            return false;
        }
    }

    /** One head of each kind, without settings of its own: what a name alone stands for. Tests go through all of them. */
    static List<Head> known() {
        return List.of(
                logistic(),
                svm(),
                new Mean(),
                new Nearest(Nearest.NEIGHBOURS),
                new TrainedLinear(),
                new Cosine(),
                new DenseLayers(List.of(DenseLayers.UNITS), DenseLayers.DROPOUT));
    }

    static Head logistic() {
        return new Linear(LinearLoss.LOGISTIC, 0);
    }

    static Head svm() {
        return new Linear(LinearLoss.SQUARED_HINGE, 0);
    }
}
