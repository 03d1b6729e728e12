package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.heads.Head;
import dev.graft.heads.LinearLoss;
import dev.graft.transfer.HeadSettings;
import dev.graft.transfer.Pooling;
import dev.graft.transfer.Recipe;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code train} may be told of the head and the first phase. */
final class HeadOptions {
    private static final String AUTO = "auto";

    /** What {@code --head} takes. */
    private static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }

    @Option(
            names = "--head",
            paramLabel = "KIND",
            completionCandidates = Kinds.class,
            description = "What goes on the backbone's features: ${COMPLETION-CANDIDATES}. Solved at once are logistic,"
                    + " svm, mean (nearest mean of a class) and knn (nearest pictures), trained by gradients linear,"
                    + " cosine and dense (hidden layers). auto is logistic, or mean where a class has fewer than 5"
                    + " pictures (default: auto).")
    private @Nullable String head;

    @Option(
            names = "--regularisation",
            paramLabel = "X",
            description = "Of logistic and svm; else found by cross-validation.")
    private @Nullable Double regularisation;

    @Option(names = "--neighbours", paramLabel = "K", description = "How many pictures vote in knn (default: 5).")
    private @Nullable Integer neighbours;

    @Option(
            names = "--hidden",
            paramLabel = "UNITS",
            split = ",",
            description = "Units of the hidden layers of dense, such as 512,128 (default: 256).")
    private @Nullable List<Integer> hidden;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Dropped after each hidden layer of dense (default: 0.5).")
    private @Nullable Double dropout;

    @Option(
            names = "--pooling",
            paramLabel = "features|average|max|flatten",
            description = "What the head takes: the backbone's own features, or its feature map's mean, its maximum, or"
                    + " all of it (default: features).")
    private @Nullable String pooling;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs of a head that gradients train; else enough for the number of pictures, ended early"
                    + " when they no longer help.")
    private @Nullable Integer epochs;

    @Option(
            names = "--lr",
            paramLabel = "X",
            description = "Learning rate of a head that gradients train (default: 0.001).")
    private @Nullable Double learningRate;

    @Option(
            names = "--no-head-first",
            description =
                    "Trains a fresh head together with the backbone from the start, which spoils what the backbone"
                            + " knows.")
    private boolean noHeadFirst;

    /**
     * The settings that were asked for.
     *
     * @throws GraftException if they contradict each other, or a name is unknown
     */
    HeadSettings settings(Recipe recipe, HeadSettings standard) {
        Head chosen = head(recipe);
        if (chosen != null && chosen.isSolved() && (epochs != null || learningRate != null)) {
            throw new GraftException("--epochs and --lr go with a head that gradients train; '" + chosen.name()
                    + "' is solved at once. Leave them out, or take --head linear");
        }
        if (noHeadFirst && (epochs != null || learningRate != null)) {
            throw new GraftException("--epochs and --lr are of the head's own phase, which --no-head-first leaves out;"
                    + " leave either out");
        }
        if (noHeadFirst && recipe == Recipe.HEAD) {
            throw new GraftException("--no-head-first leaves out the only phase of --recipe head; take another recipe");
        }
        HeadSettings settings = standard.head(chosen).first(!noHeadFirst);
        settings = pooling == null ? settings : settings.pooling(Constants.of("--pooling", pooling, Pooling.values()));
        settings = learningRate == null ? settings : settings.learningRate(learningRate);
        return epochs == null ? settings : settings.epochs(epochs(epochs));
    }

    private static int epochs(int asked) {
        if (asked == 0) {
            throw new GraftException("--epochs 0: a fresh head would spoil the backbone; say --no-head-first if that is"
                    + " wanted, or leave --epochs out");
        }
        if (asked < 0) {
            throw new GraftException("epochs: expected at least 1, got " + asked);
        }
        return asked;
    }

    private @Nullable Head head(Recipe recipe) {
        String kind = kind(recipe);
        requires(regularisation, "--regularisation", kind, "logistic", "svm");
        requires(neighbours, "--neighbours", kind, "knn");
        requires(hidden, "--hidden", kind, "dense");
        requires(dropout, "--dropout", kind, "dense");
        return switch (kind) {
            case "logistic" -> new Head.Linear(LinearLoss.LOGISTIC, strength());
            case "svm" -> new Head.Linear(LinearLoss.SQUARED_HINGE, strength());
            case "knn" -> new Head.Nearest(neighbours == null ? Head.Nearest.NEIGHBOURS : neighbours);
            case "dense" ->
                new Head.DenseLayers(
                        hidden == null ? List.of(Head.DenseLayers.UNITS) : hidden,
                        dropout == null ? Head.DenseLayers.DROPOUT : dropout);
            default ->
                Head.known().stream()
                        .filter(one -> one.name().equals(kind))
                        .findFirst()
                        .orElse(null);
        };
    }

    /** With epochs or a rate, or without a first phase, a head that gradients train is meant. */
    private String kind(Recipe recipe) {
        if (head == null) {
            boolean trained = recipe == Recipe.CLASSIC || epochs != null || learningRate != null || noHeadFirst;
            return regularisation != null ? "logistic" : trained ? "linear" : AUTO;
        }
        if (!names().contains(head)) {
            throw new GraftException("--head: expected " + String.join(", ", names()) + ", got '" + head + "'"
                    + Nearest.hint(head, names()));
        }
        return head;
    }

    private static List<String> names() {
        return Stream.concat(Stream.of(AUTO), Head.known().stream().map(Head::name))
                .toList();
    }

    private double strength() {
        if (regularisation != null && regularisation <= 0) {
            throw new GraftException("--regularisation: expected a number above 0, got " + regularisation);
        }
        return regularisation == null ? 0 : regularisation;
    }

    private static void requires(@Nullable Object value, String option, String kind, String... kinds) {
        if (value != null && !List.of(kinds).contains(kind)) {
            throw new GraftException(option + " goes with --head " + String.join(" or ", kinds) + ", not with " + kind);
        }
    }
}
