package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.EvaluatedFolder;
import dev.graft.data.KnownFolder;
import dev.graft.data.PictureSet;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft evaluate}: how a classifier does on labelled pictures. */
@Command(
        name = "evaluate",
        header = "Measures a classifier on a folder of labelled pictures.",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "Examples:",
            "  graft evaluate flowers.graft more-flowers",
            "  graft evaluate flowers.graft more-flowers --json result.json"
        })
final class EvaluateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "MODEL.graft", description = "What 'graft train' has made.")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Parameters(index = "1", paramLabel = "FOLDER", description = "One subfolder of pictures a class.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ThreadsOption threads;

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        EvaluatedFolder result;
        List<String> remarks;
        try (Classifier classifier = Classifier.open(model, threads.count())) {
            KnownFolder known = KnownFolder.read(folder, classifier.bundle().labels());
            PictureSet pictures = known.pictures();
            remarks = known.remarks();
            terminal.line("Evaluating " + Text.path(model) + " on " + Text.count(pictures.size(), "picture", "pictures")
                    + " in " + Text.path(folder));
            EvaluationText.remarks(terminal, remarks);
            Progress progress = new Progress(terminal, "  pictures");
            result = classifier.evaluate(pictures, done -> progress.at(done, pictures.size()));
        }
        terminal.line();
        EvaluationText.perClass(terminal, result.evaluation());
        EvaluationText.confusion(terminal, result.evaluation());
        EvaluationText.skipped(terminal, result.skipped());
        terminal.line();
        terminal.line(terminal.bold("Accuracy ") + EvaluationText.accuracy(result.evaluation()) + "; loss "
                + Text.format("%.4f", result.evaluation().loss()) + "; calibration error "
                + Text.format("%.3f", result.evaluation().calibrationError()));
        result.rejected()
                .ifPresent(rejected -> terminal.line(terminal.bold("Unknown  ")
                        + Text.count(rejected, "picture", "pictures") + ", "
                        + Text.percent((double) rejected / result.evaluation().total())
                        + ", which 'graft predict' would not take for any class"));
        if (json != null) {
            ObjectNode content = EvaluationJson.of(result.evaluation());
            result.rejected().ifPresent(rejected -> content.put("rejected", rejected));
            content.set("skipped", JsonFile.skipped(result.skipped()));
            remarks.forEach(content.putArray("remarks")::add);
            JsonFile.write(terminal, json, content);
        }
        return 0;
    }
}
