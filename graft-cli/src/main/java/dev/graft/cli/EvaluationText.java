package dev.graft.cli;

import dev.graft.data.Skipped;
import dev.graft.report.Evaluation;
import java.util.ArrayList;
import java.util.List;

/** The tables of an evaluation. */
final class EvaluationText {
    private static final int CONFUSION_CLASSES = 20;
    private static final int SKIPPED_SHOWN = 20;
    private static final String INDENT = "  ";

    private EvaluationText() {}

    static void perClass(Terminal terminal, Evaluation evaluation) {
        Table table = Table.of("class", "precision", "recall", "f1", "support");
        for (Evaluation.ClassResult result : evaluation.perClass()) {
            table.row(
                    Text.printable(result.name()),
                    share(terminal, result.precision()),
                    share(terminal, result.recall()),
                    share(terminal, result.f1()),
                    Text.count(result.support()));
        }
        table.print(terminal, INDENT);
    }

    /** A dash for what cannot be known, as of a class without pictures. */
    private static String share(Terminal terminal, double share) {
        return Double.isNaN(share) ? terminal.canShow("–") ? "–" : "-" : Text.format("%.3f", share);
    }

    /** What was passed over in a folder, a line each. */
    static void remarks(Terminal terminal, List<String> remarks) {
        remarks.forEach(remark -> terminal.line("  " + Text.printable(remark)));
    }

    /** {@code 0.940, 188 of 200 pictures}. */
    static String accuracy(Evaluation evaluation) {
        return Text.format("%.3f", evaluation.accuracy()) + ", " + Text.count(evaluation.correct()) + " of "
                + Text.count(evaluation.total(), "picture", "pictures");
    }

    /** The confusion matrix, where it is small enough to be read: rows are the truth. */
    static void confusion(Terminal terminal, Evaluation evaluation) {
        Table named = matrix(evaluation, false);
        boolean fits = named.width() + INDENT.length() <= terminal.columns();
        Table table = fits ? named : matrix(evaluation, true);
        terminal.line();
        if (evaluation.classes().size() <= CONFUSION_CLASSES && table.isWhole(Table.room(terminal, INDENT))) {
            table.print(terminal, INDENT);
        } else {
            terminal.line("There is no room here for the confusion matrix of "
                    + evaluation.classes().size() + " classes; --json FILE has it");
        }
    }

    /** @param numbered whether columns have the numbers of the classes for their names */
    private static Table matrix(Evaluation evaluation, boolean numbered) {
        List<String> names = evaluation.classes().stream().map(Text::printable).toList();
        List<String> heads = new ArrayList<>(List.of("truth \\ taken for"));
        if (numbered) {
            heads.add("");
        }
        for (int i = 0; i < names.size(); i++) {
            heads.add(numbered ? Integer.toString(i + 1) : names.get(i));
        }
        Table table = Table.of(heads.toArray(String[]::new));
        for (int i = 0; i < names.size(); i++) {
            List<String> cells = new ArrayList<>(List.of(names.get(i)));
            if (numbered) {
                cells.add(Integer.toString(i + 1));
            }
            evaluation.confusion().get(i).forEach(count -> cells.add(count == 0 ? "." : Text.count(count)));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** The pictures that were left out, with reasons. */
    static void skipped(Terminal terminal, List<Skipped> pictures) {
        skipped(terminal, pictures, "--json FILE");
    }

    /**
     * The same.
     *
     * @param other what lists all of them where they are many
     */
    static void skipped(Terminal terminal, List<Skipped> pictures, String other) {
        if (pictures.isEmpty()) {
            return;
        }
        terminal.line();
        terminal.line(Text.count(pictures.size(), "picture", "pictures") + " could not be read and "
                + (pictures.size() == 1 ? "was" : "were") + " left out:");
        pictures.stream()
                .limit(SKIPPED_SHOWN)
                .forEach(picture -> terminal.line("  " + Text.path(picture.path()) + ": " + picture.reason()));
        if (pictures.size() > SKIPPED_SHOWN) {
            terminal.line("  and " + (pictures.size() - SKIPPED_SHOWN) + " more; " + other + " lists them all");
        }
    }
}
