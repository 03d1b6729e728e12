package dev.graft.heads;

import dev.graft.GraftException;
import dev.graft.dataset.ClassWeights;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import dev.graft.torch.Gradients;
import dev.graft.torch.Scope;
import dev.graft.torch.TorchOps;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fits a linear head to features, to convergence. The features are centred and scaled to a mean square length of 1, so
 * that a regularisation means the same whatever the backbone; {@code regularisation / 2 · |W|²} is added to the mean loss.
 *
 * @param loss what is minimised
 * @param seed decides the folds
 * @param weights how much the examples of each class count, or null for all alike
 * @param engine what computes
 */
public record LinearSolver(
        LinearLoss loss, long seed, @Nullable ClassWeights weights, Engine engine) {
    /** How many parts examples are cross-validated in. */
    public static final int FOLDS = 5;

    private static final TorchOps OPS = new TorchOps();
    private static final double STRONGEST = 0.1;
    private static final double WEAKEST = 1e-7;

    /** What a tenth of the regularisation must take off the loss of held-out examples, as a share, to be worth it. */
    private static final double LEAST_GAIN = 0.01;

    /** The same as a share of the loss without features. */
    private static final double LEAST_SHARE = 0.003;
    /** What a step must gain, as a share of the loss without features: about what single precision can tell. */
    private static final double CONVERGED = 1e-8;

    /** The same where heads are only compared. */
    private static final double COMPARED = 1e-5;

    private static final double COARSE = 10;
    private static final double FINE = Math.sqrt(COARSE);

    /** Above so many multiplications a step, one fold decides: there are examples enough. */
    private static final long MANY = 200_000_000L;

    /**
     * A fitted head.
     *
     * @param regularisation that was chosen
     * @param loss the mean loss of examples that were held out while it was
     */
    public record Fit(LinearHead head, double regularisation, double loss) {}

    /**
     * What heads say of examples that they were not fitted on.
     *
     * @param rows which examples those are
     * @param logits {@code [rows, classes]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record HeldOut(int[] rows, HostTensor logits) {}

    /** Each example counts alike; on all cores of the {@linkplain Engine#cpu() CPU}. */
    public LinearSolver(LinearLoss loss, long seed) {
        this(loss, seed, null, Engine.cpu());
    }

    /** The same with classes that count differently; a mean weight of 1 leaves the regularisation what it is. */
    public LinearSolver weighted(ClassWeights other) {
        return new LinearSolver(loss, seed, other, engine);
    }

    public LinearSolver on(Engine other) {
        return new LinearSolver(loss, seed, weights, other);
    }

    public static LinearSolver logistic(long seed) {
        return new LinearSolver(LinearLoss.LOGISTIC, seed);
    }

    public static LinearSolver svm(long seed) {
        return new LinearSolver(LinearLoss.SQUARED_HINGE, seed);
    }

    /**
     * Fits with a given regularisation.
     *
     * @throws GraftException if it is not above 0
     */
    public LinearHead fit(FeatureTable table, double regularisation) {
        try (Sharing sharing = Sharing.of(table, engine)) {
            return fitted(table, regularisation);
        }
    }

    private LinearHead fitted(FeatureTable table, double regularisation) {
        if (!(regularisation > 0 && regularisation < Double.POSITIVE_INFINITY)) {
            throw new GraftException("regularisation: expected a number above 0, got " + regularisation);
        }
        PrincipalBasis basis = PrincipalBasis.of(table.features(), engine);
        LinearHead turned = solve(turned(table, basis), basis, regularisation, null, CONVERGED);
        return basis.back(turned.weight(), turned.bias());
    }

    /**
     * Fits with the regularisation that does best in cross-validation.
     *
     * @throws GraftException if a class has fewer examples than there are folds
     */
    public Fit fit(FeatureTable table) {
        try (Sharing sharing = Sharing.of(table, engine)) {
            PrincipalBasis basis = PrincipalBasis.of(table.features(), engine);
            FeatureTable turned = turned(table, basis);
            Search search = new Search(turned, basis, folds(table, basis), sharing);
            double chosen = search.best();
            LinearHead head = solve(turned, basis, chosen, search.heads.get(0), CONVERGED);
            return new Fit(basis.back(head.weight(), head.bias()), chosen, search.lossOf(chosen));
        }
    }

    private List<Folds.Fold> folds(FeatureTable table, PrincipalBasis basis) {
        List<Folds.Fold> folds = Folds.of(table, FOLDS, seed);
        boolean many = (long) table.size() * basis.kept() * table.classes() > MANY;
        return many ? folds.subList(0, 1) : folds;
    }

    /**
     * How well a head does, without one that is fitted on all: what the heads of the cross-validation say, with the
     * regularisation that does best in it. Where there are many examples, only those of one fold are held out.
     *
     * @throws GraftException if a class has fewer examples than there are folds
     */
    public HeldOut crossValidated(FeatureTable table) {
        try (Sharing sharing = Sharing.of(table, engine)) {
            PrincipalBasis basis = PrincipalBasis.of(table.features(), engine);
            List<Folds.Fold> folds = folds(table, basis);
            Search search = new Search(turned(table, basis), basis, folds, sharing);
            int[] rows = folds.stream()
                    .flatMapToInt(fold -> IntStream.of(fold.held()))
                    .toArray();
            HostTensor logits = HostTensor.allocate(Shape.of(rows.length, table.classes()));
            FloatBuffer values = logits.values();
            search.at(search.best()).logits().forEach(held -> values.put(held.values()));
            return new HeldOut(rows, logits);
        }
    }

    /**
     * What heads say of examples that they were not fitted on: each fold by one that was fitted on the others.
     *
     * @return logits {@code [N, classes]} in the order of the table
     */
    public HostTensor outOfFold(FeatureTable table, double regularisation) {
        try (var computing = engine.use()) {
            PrincipalBasis basis = PrincipalBasis.of(table.features(), engine);
            FeatureTable turned = turned(table, basis);
            HostTensor logits = HostTensor.allocate(Shape.of(table.size(), table.classes()));
            for (Folds.Fold fold : Folds.of(table, FOLDS, seed)) {
                LinearHead head = solve(turned.rows(fold.rest()), basis, regularisation, null, COMPARED);
                HostTensor held = logits(turned.rows(fold.held()).features(), head);
                for (int i = 0; i < held.elements(); i++) {
                    int row = fold.held()[i / table.classes()];
                    logits.put(row * table.classes() + i % table.classes(), held.get(i));
                }
            }
            return logits;
        }
    }

    /** From strong to weak regularisation, each fold from its own last head on. */
    private final class Search {
        private final List<FeatureTable> rests = new ArrayList<>();
        private final List<FeatureTable> held = new ArrayList<>();
        private final PrincipalBasis basis;
        private final List<@Nullable LinearHead> heads = new ArrayList<>();
        private final List<Tried> tried = new ArrayList<>();
        private final double ofNothing;
        private final Sharing sharing;

        Search(FeatureTable turned, PrincipalBasis basis, List<Folds.Fold> folds, Sharing sharing) {
            this.sharing = sharing;
            this.basis = basis;
            this.ofNothing = loss.ofNothing(turned.classes());
            for (Folds.Fold fold : folds) {
                rests.add(turned.rows(fold.rest()));
                held.add(turned.rows(fold.held()));
                heads.add(null);
            }
        }

        /** The best of a coarse walk, which ends when a step is worse or hardly better, and of its two neighbours. */
        double best() {
            double best = STRONGEST;
            loss(best);
            for (double weaker = best / COARSE; weaker >= WEAKEST && isBetter(weaker, best); weaker /= COARSE) {
                best = weaker;
            }
            double middle = best;
            for (double neighbour : new double[] {middle * FINE, middle / FINE}) {
                best = loss(neighbour) < lossOf(best) ? neighbour : best;
            }
            return best;
        }

        private boolean isBetter(double weaker, double than) {
            double least = Math.max(LEAST_GAIN * lossOf(than), LEAST_SHARE * ofNothing);
            return loss(weaker) < lossOf(than) - least;
        }

        double lossOf(double regularisation) {
            return at(regularisation).loss();
        }

        Tried at(double regularisation) {
            return tried.stream()
                    .filter(one -> one.regularisation() == regularisation)
                    .findFirst()
                    .orElseThrow();
        }

        private double loss(double regularisation) {
            if (tried.stream().noneMatch(one -> one.regularisation() == regularisation)) {
                tried.add(tryOut(regularisation));
            }
            return lossOf(regularisation);
        }

        private Tried tryOut(double regularisation) {
            HostTensor[] said = new HostTensor[rests.size()];
            sharing.forEach(said.length, fold -> {
                LinearHead head = solve(rests.get(fold), basis, regularisation, heads.get(fold), COMPARED);
                heads.set(fold, head);
                said[fold] = logits(held.get(fold).features(), head);
            });
            double sum = 0;
            int count = 0;
            for (int fold = 0; fold < said.length; fold++) {
                sum += sum(held.get(fold), said[fold]);
                count += held.get(fold).size();
            }
            return new Tried(regularisation, sum / count, List.of(said));
        }
    }

    /** What a regularisation came to: the mean loss of held-out examples and their logits, fold by fold. */
    private record Tried(double regularisation, double loss, List<HostTensor> logits) {}

    private double sum(FeatureTable table, HostTensor logits) {
        float[] slopes = new float[table.classes()];
        double sum = 0;
        List<float[]> rows = logits.rows();
        for (int row = 0; row < table.size(); row++) {
            sum += loss.at(rows.get(row), table.label(row), slopes) * weight(table.label(row));
        }
        return sum;
    }

    private double weight(int label) {
        return weights == null ? 1 : weights.weights().get(label);
    }

    private LinearHead solve(
            FeatureTable turned,
            PrincipalBasis basis,
            double regularisation,
            @Nullable LinearHead start,
            double precision) {
        try (LinearProblem problem = new LinearProblem(loss, regularisation, turned, basis, this::weight)) {
            double[] from = start == null ? problem.origin() : problem.place(start);
            return problem.head(Lbfgs.minimise(problem, from, precision * loss.ofNothing(turned.classes()))
                    .place());
        }
    }

    private static FeatureTable turned(FeatureTable table, PrincipalBasis basis) {
        return new FeatureTable(basis.turn(table.features()), table.labels(), table.classes());
    }

    private HostTensor logits(HostTensor features, LinearHead head) {
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            return OPS.linear(engine.tensor(features), engine.tensor(head.weight()), engine.tensor(head.bias()))
                    .toHost();
        }
    }
}
