package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.FileName;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.PredictedFile;
import dev.graft.bundle.Prediction;
import dev.graft.data.FoundPictures;
import dev.graft.data.PictureFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft predict}: what is on pictures. */
@Command(
        name = "predict",
        header = "Says what is on pictures.",
        description = {
            "",
            "One line a picture: its path, then labels with probabilities, the most probable first; before them"
                    + " 'unknown' if the picture is like none of those that the model has learnt from. What else lies in a"
                    + " folder is named at the end, on standard error."
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "Exit code 1 if a file that was named cannot be read, or none of a folder's.",
            "",
            "Examples:",
            "  graft predict flowers.graft rose.jpg",
            "  graft predict flowers.graft holiday --top 1 --json result.json"
        })
final class PredictCommand implements Callable<Integer> {
    /** Lines come after so many pictures, so that a large folder shows results at once and takes little memory. */
    private static final int CHUNK = 64;

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL.graft", description = "What 'graft train' has made.")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "IMAGE|FOLDER",
            description = "Pictures, and folders whose pictures are taken, those of subfolders too.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> inputs;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "3",
            description = "How many labels are shown (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(names = "--no-reject", description = "Takes every picture for one of the classes.")
    private boolean noReject;

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the predictions as JSON too.")
    private @Nullable Path json;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ThreadsOption threads;

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (top < 1) {
            throw new ParameterException(spec.commandLine(), "--top: expected at least 1, got " + top);
        }
        Set<Path> named = new HashSet<>();
        Map<Path, FoundPictures> folders = new LinkedHashMap<>();
        List<Path> pictures = pictures(named, folders);
        ArrayNode report = JsonFile.NODES.arrayNode();
        boolean failed = false;
        int unreadable = 0;
        try (Classifier classifier = Classifier.open(model, Math.min(threads.count(), pictures.size()))) {
            for (int from = 0; from < pictures.size(); from += CHUNK) {
                List<Path> chunk = pictures.subList(from, Math.min(from + CHUNK, pictures.size()));
                for (PredictedFile file : classifier.predictAll(chunk, done -> {})) {
                    show(file, report);
                    boolean bad = file.prediction() == null;
                    unreadable += bad ? 1 : 0;
                    failed |= bad && named.contains(file.path());
                }
                terminal.requireOutput();
            }
        }
        folders.forEach((folder, found) -> passedOver(folder, found, report));
        if (json != null) {
            JsonFile.write(terminal, json, report);
        }
        return failed || unreadable == pictures.size() ? Main.FAILED : 0;
    }

    private List<Path> pictures(Set<Path> named, Map<Path, FoundPictures> folders) {
        List<Path> pictures = new ArrayList<>();
        for (Path input : inputs) {
            if (Files.isDirectory(input)) {
                FoundPictures found = PictureFiles.requireBelow(input);
                pictures.addAll(found.pictures());
                folders.put(input, found);
            } else {
                pictures.add(input);
                named.add(input);
            }
        }
        return pictures;
    }

    private void passedOver(Path folder, FoundPictures found, ArrayNode report) {
        found.remarks()
                .forEach(remark -> terminal.error("graft: " + Text.path(folder) + ": " + Text.printable(remark)));
        found.passedOver().forEach(other -> report.addObject()
                .put("path", FileName.shown(other.path()))
                .put("unreadable", other.reason()));
    }

    private void show(PredictedFile file, ArrayNode report) {
        ObjectNode entry = report.addObject().put("path", FileName.shown(file.path()));
        Prediction prediction = file.prediction();
        if (prediction == null) {
            terminal.error("graft: " + Text.path(file.path()) + ": " + file.unreadable());
            entry.put("unreadable", file.unreadable());
            return;
        }
        StringBuilder line = new StringBuilder(Text.path(file.path()));
        boolean unknown = prediction.unknown() && !noReject;
        if (unknown) {
            line.append("  unknown, nearest:");
        }
        if (!Double.isNaN(prediction.inDistribution())) {
            entry.put("unknown", unknown).put("in_distribution", prediction.inDistribution());
        }
        ArrayNode ranking = entry.putArray("predictions");
        for (Prediction.Ranked ranked : prediction.top(top)) {
            line.append("  ").append(Text.printable(ranked.label())).append(Text.format(" %.2f", ranked.probability()));
            JsonFile.put(ranking.addObject().put("label", ranked.label()), "probability", ranked.probability());
        }
        terminal.whole(line.toString());
    }
}
