package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.heads.Head;
import dev.graft.heads.LinearLoss;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code train} may be told of the head. */
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

    /**
     * The head that was asked for; null for the one that suits.
     *
     * @param given whether the user gave an option
     * @throws GraftException if options contradict each other, or a name is unknown
     */
    @Nullable Head head(Predicate<String> given) {
        String kind = kind(given);
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

    private String kind(Predicate<String> given) {
        if (head == null) {
            return given.test("--regularisation") ? "logistic" : "auto";
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
