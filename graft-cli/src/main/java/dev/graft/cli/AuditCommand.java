package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.FileName;
import dev.graft.audit.NearCopies;
import dev.graft.audit.SuspectLabels;
import dev.graft.data.LabelledPictures;
import dev.graft.data.OtherFiles;
import dev.graft.transfer.audit.FolderAudit;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.split.GivenPictures;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft audit}: what is wrong with a folder of pictures. */
@Command(
        name = "audit",
        header = "Looks for what is wrong with a folder of pictures, before training.",
        description = {
            "",
            "Counts the classes and lists unreadable pictures, copies to the byte, also those in two classes, and near"
                    + " copies, which a pretrained network finds. Nothing is changed."
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {"", "Examples:", "  graft audit flowers", "  graft audit flowers --grid copies.png --json audit.json"
        })
final class AuditCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    private final Terminal terminal;

    @Parameters(
            paramLabel = "FOLDER",
            description = "One subfolder of pictures a class, or folders train, val and test of that form.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = Zoo.DEFAULT,
            description = "The backbone that finds near copies (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Pretrained model;

    @Option(names = "--weights", paramLabel = "FILE", description = "Other weights for that backbone.")
    private @Nullable Path weights;

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    @Output(OutputKind.GRID)
    @Option(
            names = "--grid",
            paramLabel = "FILE.png",
            description = "Draws the nearest pairs, one a row, to be looked at.")
    private @Nullable Path grid;

    @Output(OutputKind.GRID)
    @Option(
            names = "--suspects",
            paramLabel = "FILE.png",
            description = "Draws the pictures whose labels are most likely wrong, with both labels.")
    private @Nullable Path suspects;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ThreadsOption threads;

    AuditCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        LabelledPictures pictures = GivenPictures.labelled(folder, false);
        Progress progress = new Progress(terminal, "  pictures");
        int total = pictures.allPictures().size();
        FolderAudit audit = FolderAudit.of(
                pictures,
                new BackboneSource.OfZoo(model.name(), weights),
                threads.count(),
                done -> progress.at(done, total));
        show(audit, pictures);
        if (json != null) {
            ObjectNode content = json(audit);
            pictures.ignored().forEach(content.putObject("ignored")::put);
            remarks(audit, pictures).forEach(content.putArray("remarks")::add);
            JsonFile.write(terminal, json, content);
        }
        if (grid != null) {
            if (audit.near().isEmpty()) {
                terminal.line("No grid is drawn, as there are no near copies");
            } else {
                audit.grid().write(grid);
                terminal.line("Grid     " + Text.path(grid));
            }
        }
        if (suspects != null) {
            if (audit.suspects() == null || audit.suspects().isEmpty()) {
                terminal.line("No suspects are drawn, as there are none");
            } else {
                audit.suspectGrid().write(suspects);
                terminal.line("Suspects " + Text.path(suspects));
            }
        }
        return 0;
    }

    private static List<String> remarks(FolderAudit audit, LabelledPictures pictures) {
        return Stream.concat(pictures.remarks().stream(), audit.remarks().stream())
                .toList();
    }

    private void show(FolderAudit audit, LabelledPictures pictures) {
        terminal.line(Text.count(audit.pictures(), "picture", "pictures") + " of "
                + audit.counts().size() + " classes in " + Text.path(folder));
        Table table = Table.of("class", "pictures");
        audit.counts().forEach((name, count) -> table.row(Text.printable(name), Text.count(count)));
        table.print(terminal, "  ");
        int most =
                audit.counts().values().stream().mapToInt(count -> count).max().orElse(0);
        int least =
                audit.counts().values().stream().mapToInt(count -> count).min().orElse(0);
        if (most >= 2 * least) {
            terminal.line("  the largest class has " + Text.format("%.1f", (double) most / least)
                    + " times the pictures of the smallest; see --balance of 'graft train'");
        }
        if (!pictures.ignored().isEmpty()) {
            terminal.line("  " + Text.printable(OtherFiles.sentence(pictures.ignored())));
        }
        EvaluationText.remarks(terminal, remarks(audit, pictures));
        EvaluationText.skipped(terminal, audit.skipped());
        list(
                "Copies",
                audit.copies().stream().map(this::names).toList(),
                "group of files that are the same",
                "groups of files that are the same");
        list(
                "Two labels",
                audit.contradictions().stream().map(this::names).toList(),
                "group of copies lies in more than one class, so that one label is wrong",
                "groups of copies lie in more than one class, so that one label of each is wrong");
        list(
                "Near",
                audit.near().stream()
                        .map(pair -> Text.format("%.3f  ", pair.cosine())
                                + names(List.of(
                                        audit.sound().get(pair.first()),
                                        audit.sound().get(pair.second()))))
                        .toList(),
                "pair that shows nearly the same (cosine of features from " + NearCopies.THRESHOLD + " on)",
                "pairs that show nearly the same (cosine of features from " + NearCopies.THRESHOLD + " on)");
        suspects(audit);
    }

    private void suspects(FolderAudit audit) {
        List<SuspectLabels.Suspect> suspects = audit.suspects();
        if (suspects == null) {
            terminal.line();
            terminal.line("Labels are not looked at: that takes 5 pictures of each class");
            return;
        }
        List<String> classes = List.copyOf(audit.counts().keySet());
        list(
                "Labels",
                suspects.stream()
                        .map(suspect -> names(List.of(audit.sound().get(suspect.index()))) + "  rather "
                                + Text.printable(classes.get(suspect.likely()))
                                + Text.format(" (%.2f)", suspect.likelyConfidence()))
                        .toList(),
                "that may be wrong: the other pictures speak for another class",
                "that may be wrong: the other pictures speak for another class");
    }

    private String names(List<Path> paths) {
        Path base = Files.isDirectory(folder) ? folder : folder.resolveSibling("");
        return paths.stream().map(path -> Text.path(base.relativize(path))).collect(Collectors.joining("  "));
    }

    private void list(String title, List<String> lines, String one, String several) {
        terminal.line();
        terminal.line(terminal.bold(Text.format("%-11s", title)) + Text.count(lines.size(), one, several));
        IntStream.range(0, Math.min(SHOWN, lines.size())).forEach(i -> terminal.whole("  " + lines.get(i)));
        if (lines.size() > SHOWN) {
            terminal.line("  and " + (lines.size() - SHOWN) + " more; --json FILE lists them all");
        }
    }

    private static ObjectNode json(FolderAudit audit) {
        ObjectNode json = JsonFile.NODES.objectNode().put("pictures", audit.pictures());
        ObjectNode classes = json.putObject("classes");
        audit.counts().forEach(classes::put);
        json.set("skipped", JsonFile.skipped(audit.skipped()));
        ArrayNode copies = json.putArray("copies");
        audit.copies().forEach(group -> JsonFile.paths(copies.addArray(), group));
        ArrayNode contradictions = json.putArray("contradictions");
        audit.contradictions().forEach(group -> JsonFile.paths(contradictions.addArray(), group));
        ArrayNode near = json.putArray("near_copies");
        audit.near().forEach(pair -> near.addObject()
                .put("first", FileName.shown(audit.sound().get(pair.first())))
                .put("second", FileName.shown(audit.sound().get(pair.second())))
                .put("cosine", pair.cosine()));
        List<SuspectLabels.Suspect> suspects = audit.suspects();
        if (suspects != null) {
            List<String> names = List.copyOf(audit.counts().keySet());
            ArrayNode labels = json.putArray("suspect_labels");
            suspects.forEach(suspect -> labels.addObject()
                    .put("picture", FileName.shown(audit.sound().get(suspect.index())))
                    .put("given", names.get(suspect.given()))
                    .put("likely", names.get(suspect.likely()))
                    .put("confidence", suspect.confidence())
                    .put("likely_confidence", suspect.likelyConfidence()));
        }
        return json;
    }
}
