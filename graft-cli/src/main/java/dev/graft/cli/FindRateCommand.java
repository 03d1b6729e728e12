package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.Numbers;
import dev.graft.train.RateCurve;
import dev.graft.train.RateCurve.Point;
import dev.graft.train.RateFinder.Range;
import dev.graft.transfer.RateSearch;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.TransferEvent.PicturesSkipped;
import dev.graft.transfer.TransferSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code graft find-rate}: which learning rate suits these pictures. */
@Command(
        name = "find-rate",
        header = "Looks for a learning rate for a folder of labelled pictures.",
        description = {
            "",
            "Trains for some steps while the rate rises, until the loss explodes; nothing of that is kept. Without"
                    + " --unfreeze it is the rate of the first phase, the new head alone. With it the head is trained"
                    + " first, and the rate is that of the second phase. The other options are those of 'train'."
        },
        defaultValueProvider = TrainOptions.Defaults.class,
        sortOptions = false,
        sortSynopsis = false,
        abbreviateSynopsis = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  graft find-rate flowers                       for train's --lr",
            "  graft find-rate flowers --unfreeze auto       for train's --fine-tune-lr",
            "  graft find-rate flowers --plot rates.png      draws the losses too"
        })
final class FindRateCommand implements Callable<Integer> {
    private static final int ROWS = 25;

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--from", paramLabel = "X", description = "The lowest rate (default: 1e-7).")
    private @Nullable Double from;

    @Option(names = "--to", paramLabel = "X", description = "The highest rate (default: 10).")
    private @Nullable Double to;

    @Option(names = "--steps", paramLabel = "N", description = "How many rates at most (default: 100).")
    private @Nullable Integer steps;

    @Output(OutputKind.PLOT)
    @Option(names = "--plot", paramLabel = "FILE.png", description = "Draws the losses over the rates.")
    private @Nullable Path plot;

    @Output(OutputKind.JSON)
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private TrainOptions options;

    FindRateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Range range = range();
        TransferSettings settings = options.settings();
        boolean tuned = spec.commandLine().getParseResult().hasMatchedOption("--unfreeze");
        Consumer<TransferEvent> display = display(settings);
        RateCurve curve =
                tuned ? RateSearch.fineTuning(settings, range, display) : RateSearch.head(settings, range, display);
        print(curve, tuned ? "--fine-tune-lr" : "--lr");
        if (plot != null) {
            RatePlot.write(terminal, curve, plot);
        }
        if (json != null) {
            JsonFile.write(terminal, json, content(curve, tuned));
        }
        return 0;
    }

    private Consumer<TransferEvent> display(TransferSettings settings) {
        TrainingDisplay training = new TrainingDisplay(
                terminal,
                planned ->
                        EvaluationText.remarks(terminal, planned.plan().source().remarks()),
                settings.cache());
        return event -> {
            training.accept(event);
            if (event instanceof PicturesSkipped skipped) {
                terminal.line("  unreadable and left out: "
                        + Text.count(skipped.pictures().size(), "picture", "pictures"));
            }
        };
    }

    private Range range() {
        Range standard = Range.standard();
        try {
            return new Range(
                    from == null ? standard.from() : from,
                    to == null ? standard.to() : to,
                    steps == null ? standard.steps() : steps);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--from, --to, --steps: " + e.getMessage());
        }
    }

    private void print(RateCurve curve, String option) {
        List<Point> points = curve.points();
        int every = (points.size() + ROWS - 1) / ROWS;
        Table table = Table.of("rate", "loss", "smoothed");
        for (int i = 0; i < points.size(); i += every) {
            Point point = points.get(i);
            table.row(rate(point.rate()), Text.format("%.4f", point.loss()), Text.format("%.4f", point.smoothed()));
        }
        table.print(terminal, "  ");
        terminal.line();
        if (curve.suggestion().isEmpty()) {
            terminal.line("No rate: the loss did not fall. Try another range with --from and --to.");
            return;
        }
        terminal.line(
                "Try  " + terminal.bold(option + " " + rate(curve.suggestion().getAsDouble()))
                        + "  the loss "
                        + curve.steepest().stream()
                                .mapToObj(rate -> "fell fastest at " + rate(rate) + " and ")
                                .findFirst()
                                .orElse("")
                        + "was lowest at " + rate(curve.lowest().rate()));
    }

    private static String rate(double rate) {
        return Numbers.text(rate);
    }

    private static ObjectNode content(RateCurve curve, boolean tuned) {
        ObjectNode content = JsonFile.NODES.objectNode().put("phase", tuned ? "fine-tune" : "head");
        put(content, "suggestion", curve.suggestion());
        put(content, "steepest", curve.steepest());
        content.put("exploded", curve.exploded());
        ArrayNode points = content.putArray("points");
        for (Point point : curve.points()) {
            ObjectNode node = points.addObject().put("rate", point.rate());
            JsonFile.put(node, "loss", point.loss());
            JsonFile.put(node, "smoothed", point.smoothed());
        }
        return content;
    }

    private static void put(ObjectNode node, String key, OptionalDouble number) {
        JsonFile.put(node, key, number.orElse(Double.NaN));
    }
}
