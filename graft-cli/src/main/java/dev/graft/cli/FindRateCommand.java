package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.Numbers;
import dev.graft.heads.Head;
import dev.graft.train.RateCurve;
import dev.graft.train.RateCurve.Point;
import dev.graft.train.RateFinder.Range;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.TransferEvent.PicturesSkipped;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.run.RateSearch;
import java.nio.file.Path;
import java.util.ArrayList;
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
final class FindRateCommand implements Callable<Integer>, SettingOptions.Taker {
    private static final int ROWS = 25;
    /** What matters to a training and not to the search for its head's rate. */
    private static final List<String> IDLE_FOR_HEAD =
            List.of("--epochs", "--lr", "--regularisation", "--neighbours", "--fine-tune-epochs");
    /** The same for the rate of fine-tuning. */
    private static final List<String> IDLE_FOR_TUNING = List.of(
            "--fine-tune-epochs",
            "--fine-tune-lr",
            "--schedule",
            "--warm-up",
            "--accumulate",
            "--ema",
            "--patience",
            "--label-smoothing",
            "--no-blend");

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
    @Option(
            order = SettingOptions.AFTER,
            names = "--plot",
            paramLabel = "FILE.png",
            description = "Draws the losses over the rates.")
    private @Nullable Path plot;

    @Output(OutputKind.JSON)
    @Option(
            order = SettingOptions.AFTER,
            names = "--json",
            paramLabel = "FILE",
            description = "Writes the result as JSON too.")
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
        boolean tuned = given("--unfreeze");
        if (!tuned && given("--no-head-first")) {
            throw wrong("--no-head-first leaves out the phase whose rate is looked for; give --unfreeze too");
        }
        TransferSettings settings = options.settings();
        Consumer<TransferEvent> display = display(settings, notes(settings, tuned));
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

    /** What was asked for and changes nothing here, beside what the plan says of that. */
    private List<String> notes(TransferSettings settings, boolean tuned) {
        List<String> notes = new ArrayList<>();
        Head head = settings.orNull(HeadSettings.HEAD);
        if (!tuned && head != null && head.isSolved()) {
            notes.add("a head of kind " + head.name() + " is solved and has no rate: this is the one of --head linear");
        }
        List<String> idle = (tuned ? IDLE_FOR_TUNING : IDLE_FOR_HEAD)
                .stream()
                        .filter(this::given)
                        // Rates of layers keep their proportion to it.
                        .filter(option -> !option.equals("--fine-tune-lr") || !given("--rate"))
                        .toList();
        if (!idle.isEmpty()) {
            notes.add(String.join(", ", idle) + ": without effect on the search for a rate");
        }
        return notes;
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private Consumer<TransferEvent> display(TransferSettings settings, List<String> notes) {
        TrainingDisplay training = new TrainingDisplay(
                terminal,
                (planned, lost) -> {
                    EvaluationText.remarks(terminal, planned.plan().source().remarks());
                    EvaluationText.remarks(
                            terminal,
                            planned.plan().notes().stream().map(Failures::ours).toList());
                    EvaluationText.remarks(terminal, notes);
                },
                settings);
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
        if (steps != null && (steps < Range.LEAST_STEPS || steps > Range.MOST_STEPS)) {
            throw wrong("--steps: expected " + Range.LEAST_STEPS + " to " + Range.MOST_STEPS + ", got " + steps);
        }
        try {
            return new Range(
                    from == null ? standard.from() : from,
                    to == null ? standard.to() : to,
                    steps == null ? standard.steps() : steps);
        } catch (IllegalArgumentException e) {
            throw wrong("--from, --to: " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
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
