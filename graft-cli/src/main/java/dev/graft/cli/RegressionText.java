package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.FileName;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.run.RegressionReport;
import dev.graft.transfer.run.RegressionReport.Compared;
import dev.graft.transfer.run.RegressionReport.Said;
import java.util.List;

/**
 * What an old model and the new one say of the same pictures.
 *
 * @param classes of the new one
 */
record RegressionText(PreviousModel old, List<String> classes, RegressionReport comparison) {
    private static final int SHOWN = 20;
    private static final int MARGIN = 12;

    void print(Terminal terminal) {
        RegressionReport.Score before = comparison.before();
        terminal.line(terminal.bold("Compared with the old model on the " + part() + " pictures"));
        terminal.line(terminal.dim("  It may have learnt from some of them, which flatters it"
                + (comparison.onTest() ? "." : "; they decided which weights of the new one were kept.")));
        EvaluationText.skipped(terminal, comparison.skipped());
        if (before.total() > 0) {
            item(
                    terminal,
                    "Old classes",
                    "accuracy " + accuracy(before) + " before, " + accuracy(comparison.after()) + " now, of "
                            + Text.count(before.total(), "picture", "pictures") + "; "
                            + Text.count(comparison.rightToWrong().size()) + " right before and wrong now, "
                            + Text.count(comparison.wrongToRight().size()) + " wrong before and right now");
        }
        RegressionReport.Score added = comparison.added();
        if (added.total() > 0) {
            item(
                    terminal,
                    "New classes",
                    "accuracy " + accuracy(added) + ", of " + Text.count(added.total(), "picture", "pictures")
                            + "; the old model knows none of these classes");
        }
        if (comparison.unknownBefore() + comparison.unknownAfter() > 0) {
            item(
                    terminal,
                    "Unknown",
                    "of the old classes the old model calls " + Text.count(comparison.unknownBefore())
                            + " unknown, the new" + " one " + Text.count(comparison.unknownAfter())
                            + "; their best class counts here");
        }
        lost(terminal);
        terminal.line();
    }

    private void lost(Terminal terminal) {
        List<Compared> lost = comparison.rightToWrong();
        if (lost.isEmpty()) {
            return;
        }
        Table table = Table.of("right before and wrong now", "is", "before", "now")
                .left(1)
                .left(2)
                .left(3);
        lost.stream()
                .limit(SHOWN)
                .forEach(each -> table.row(
                        Text.path(each.picture()),
                        Text.printable(each.truth()),
                        said(each.before()),
                        said(each.after())));
        terminal.line();
        table.print(terminal, "  ");
        if (lost.size() > SHOWN) {
            terminal.line("  and " + (lost.size() - SHOWN) + " more; --json FILE lists them all");
        }
    }

    private static String said(Said said) {
        return Text.printable(said.label()) + " " + Text.format("%.2f", said.probability())
                + (said.unknown() ? " (unknown)" : "");
    }

    private static String accuracy(RegressionReport.Score score) {
        return Text.format("%.3f", score.accuracy());
    }

    private static void item(Terminal terminal, String title, String text) {
        terminal.item(title, MARGIN, text);
    }

    private String part() {
        return comparison.onTest() ? "test" : "validation";
    }

    /** The same, with all pictures that changed. */
    ObjectNode json() {
        ObjectNode json = JsonFile.NODES.objectNode();
        json.put("model", old.file().toString()).put("sha256", old.sha256()).put("pictures", part());
        old.added(classes).forEach(json.putArray("new_classes")::add);
        old.dropped(classes).forEach(json.putArray("dropped_classes")::add);
        ObjectNode known =
                json.putObject("old_classes").put("total", comparison.before().total());
        JsonFile.put(known, "accuracy_before", comparison.before().accuracy());
        JsonFile.put(known, "accuracy_after", comparison.after().accuracy());
        known.put("unknown_before", comparison.unknownBefore()).put("unknown_after", comparison.unknownAfter());
        ObjectNode added =
                json.putObject("added").put("total", comparison.added().total());
        JsonFile.put(added, "accuracy", comparison.added().accuracy());
        pictures(json.putArray("right_to_wrong"), comparison.rightToWrong());
        pictures(json.putArray("wrong_to_right"), comparison.wrongToRight());
        json.set("skipped", JsonFile.skipped(comparison.skipped()));
        return json;
    }

    private static void pictures(ArrayNode list, List<Compared> pictures) {
        for (Compared each : pictures) {
            ObjectNode one =
                    list.addObject().put("path", FileName.shown(each.picture())).put("truth", each.truth());
            one.set("before", said(JsonFile.NODES.objectNode(), each.before()));
            one.set("after", said(JsonFile.NODES.objectNode(), each.after()));
        }
    }

    private static ObjectNode said(ObjectNode node, Said said) {
        return node.put("label", said.label())
                .put("probability", said.probability())
                .put("unknown", said.unknown());
    }
}
