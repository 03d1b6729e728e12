package dev.graft.cli;

import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.features.CacheUse;
import dev.graft.transfer.phase.Reliability;
import dev.graft.transfer.run.TransferResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run gave. */
record ResultText(Terminal terminal, Path target) {
    void print(TransferResult result) {
        Evaluation test = result.test();
        Evaluation shown = test == null ? result.validation() : test;
        terminal.line();
        terminal.line(terminal.bold("Results on the " + (test == null ? "validation" : "test") + " pictures"));
        EvaluationText.perClass(terminal, shown);
        EvaluationText.skipped(terminal, result.skipped());
        terminal.line();
        item("Accuracy", "validation " + EvaluationText.accuracy(result.validation()));
        if (test != null) {
            item("", "test " + EvaluationText.accuracy(test));
        }
        item("Calibration", calibration(result.reliability()));
        item("Time", time(result.timing()));
        item("Cache", cache(result));
        item("Model", terminal.bold(Text.path(target)) + size() + remark(result));
        terminal.line();
    }

    private static String remark(TransferResult result) {
        if (result.failure() != null) {
            return "; without " + result.failure().phase() + ", which failed";
        }
        return result.stopped() ? "; the best weights so far" : "";
    }

    private static String calibration(Reliability reliability) {
        Calibration calibration = reliability.calibration();
        return "error " + Text.format("%.3f", calibration.errorBefore()) + " of probabilities, "
                + Text.format("%.3f", calibration.errorAfter()) + " at temperature "
                + Text.format("%.2f", calibration.temperature())
                + (reliability.inDistribution() == null
                        ? "; too few validation pictures to tell what is unknown"
                        : "; the model tells unknown pictures");
    }

    private void item(String title, String text) {
        terminal.item(title, PlanText.MARGIN.length(), text);
    }

    private static String time(TransferResult.Timing timing) {
        List<String> parts = new ArrayList<>();
        parts.add("decoding " + Text.seconds(timing.decode()));
        parts.add("frozen layers " + Text.seconds(timing.prefix()));
        parts.add("head " + Text.seconds(timing.head()));
        if (timing.fineTune() > 0) {
            parts.add("fine-tuning " + Text.seconds(timing.fineTune()));
        }
        return Text.seconds(timing.total()) + ": " + String.join(", ", parts);
    }

    private static String cache(TransferResult result) {
        CacheUse cache = result.cache();
        if (result.settings().get(RunSettings.NO_CACHE)) {
            return "none";
        }
        return Text.count(cache.hits()) + " found, " + Text.count(cache.misses()) + " computed; "
                + (cache.bytes() == 0 ? "nothing is kept" : "holds " + Text.bytes(cache.bytes()));
    }

    private String size() {
        try {
            return " (" + Text.bytes(Files.size(target)) + ")";
        } catch (IOException e) {
            return "";
        }
    }
}
