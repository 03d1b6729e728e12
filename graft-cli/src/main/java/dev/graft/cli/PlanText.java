package dev.graft.cli;

import dev.graft.Message;
import dev.graft.Numbers;
import dev.graft.audit.DataCare;
import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.OtherFiles;
import dev.graft.model.ParameterCount;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.OnnxUse;
import dev.graft.transfer.plan.Advice;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.TransferPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a run is about to do and why, before it does it.
 *
 * @param replaces whether a model at the target is replaced
 * @param cacheLost whether nothing more can be kept in the cache
 */
record PlanText(ResolvedSettings settings, Path target, boolean replaces, boolean cacheLost) {
    private static final int ROWS = 20;
    /** By how much backbones make a picture smaller. Measured on the packed one: 0.56 at 150 pixels, 0.925 at 160. */
    private static final int STRIDE = 32;

    static final String MARGIN = "            ";

    void print(Terminal terminal, TransferPlan plan) {
        pictures(terminal, plan);
        item(terminal, "Backbone", Text.printable(plan.model()) + ", " + geometry(plan.geometry()) + source());
        OnnxUse onnx = plan.onnx();
        if (onnx != null) {
            terminal.line(MARGIN + "cut at " + Text.printable(onnx.cut()) + " " + onnx.shape() + ", pixels "
                    + onnx.pixels().text() + pixelSource(onnx));
        }
        int size = plan.geometry().size();
        if (settings.decided().find(BackboneSettings.IMAGE_SIZE).isPresent() && size % STRIDE != 0) {
            int better = Math.max(1, Math.round((float) size / STRIDE)) * STRIDE;
            terminal.line(
                    MARGIN + "warning: " + size + " is no multiple of " + STRIDE + ", which can cost much accuracy:"
                            + " the last column of every map then sees more padding than the weights know; try --image-size "
                            + better);
        }
        advice(terminal, plan.advice());
        int number = 0;
        HeadPhase first = plan.head().orElse(null);
        if (first != null) {
            item(terminal, "Phase " + ++number, "head: " + head(first));
            terminal.line(MARGIN + new ParameterCount(first.parameters(), plan.parameters()));
        }
        for (TuningPhase tuning : plan.tuning()) {
            String where =
                    tuning.from() instanceof Place.Whole ? "the whole backbone" : "the backbone " + from(tuning.from());
            item(
                    terminal,
                    "Phase " + ++number,
                    tuning.phase().name() + ": " + length(tuning.phase()) + "; " + where + " with the head, gently");
            terminal.line(MARGIN + rates(tuning));
            terminal.line(MARGIN + new ParameterCount(tuning.parameters(), plan.parameters()));
        }
        if (plan.tuning().isEmpty()) {
            item(terminal, "Phase 2", onnx == null ? "none" : "none: what is in an ONNX file stays frozen");
        }
        notes(terminal, plan);
        item(terminal, "Cache", cache());
        item(terminal, "Model", Text.path(target) + (replaces ? ", replaces the one that is there" : ""));
        terminal.line();
    }

    /** What was asked for and changes nothing. */
    static void notes(Terminal terminal, TransferPlan plan) {
        String title = "Note";
        for (Message note : plan.notes()) {
            item(terminal, title, Text.printable(Failures.ours(note)));
            title = "";
        }
    }

    private void pictures(Terminal terminal, TransferPlan plan) {
        int all = plan.training() + plan.validation() + plan.test();
        item(
                terminal,
                "Pictures",
                Text.count(all, "picture", "pictures") + " of " + plan.classes().size() + " classes in "
                        + Text.path(settings.folder()) + ": " + Text.count(plan.training())
                        + " to train on, " + Text.count(plan.validation()) + " to validate"
                        + (plan.test() == 0 ? "" : ", " + Text.count(plan.test()) + " to test"));
        Table table = Table.of("class", "to train on");
        int shown = plan.classes().size() <= ROWS ? plan.classes().size() : ROWS - 1;
        for (int i = 0; i < shown; i++) {
            table.row(
                    Text.printable(plan.classes().get(i)),
                    Text.count(plan.counts().get(i)));
        }
        table.print(terminal, MARGIN);
        if (shown < plan.classes().size()) {
            terminal.line(MARGIN + "and " + (plan.classes().size() - shown) + " more classes");
        }
        if (settings.get(BackboneSettings.BACKBONE) instanceof PreviousModel old) {
            classes(terminal, "new: ", old.added(plan.classes()));
            classes(terminal, "no longer known: ", old.dropped(plan.classes()));
        }
        passedOver(terminal, plan.source());
        terminal.line(MARGIN + terminal.dim(split(plan)));
        care(terminal, plan.care());
    }

    private static void classes(Terminal terminal, String title, List<String> names) {
        if (!names.isEmpty()) {
            terminal.line(MARGIN + title + names.stream().map(Text::printable).collect(Collectors.joining(", ")));
        }
    }

    static void passedOver(Terminal terminal, TransferPlan.Source source) {
        if (!source.ignored().isEmpty()) {
            terminal.line(MARGIN + Text.printable(OtherFiles.sentence(source.ignored())));
        }
        source.remarks().forEach(remark -> terminal.line(MARGIN + Text.printable(remark)));
    }

    static void care(Terminal terminal, DataCare care) {
        if (care.copies() > 0) {
            terminal.line(MARGIN + Text.count(care.copies(), "picture is a copy", "pictures are copies")
                    + " of others; copies stay in one part");
        }
        if (care.near() > 0) {
            terminal.line(MARGIN + Text.count(care.near(), "picture is", "pictures are")
                    + " nearly the same as others; they stay in one part too");
        }
        if (!care.contradictions().isEmpty()) {
            terminal.line(MARGIN + "warning: "
                    + Text.count(care.contradictions().size(), "picture lies", "pictures lie")
                    + " in several classes, such as "
                    + care.contradictions().get(0).stream().map(Text::path).collect(Collectors.joining(" and ")));
        }
        if (!care.dropped().isEmpty()) {
            terminal.line(MARGIN + Text.count(care.dropped().size(), "picture is", "pictures are")
                    + " left out, as the validation or test folder has copies, or others of the same origin");
        }
    }

    /** Where the parts come from and what they are for. */
    private String split(TransferPlan plan) {
        Path given = settings.decided().orNull(DataSettings.VALIDATION);
        String validation = given != null
                ? Text.path(given)
                : plan.source().validated()
                        ? "its own folder"
                        : Text.percent(ImageFolder.VALIDATION_SHARE) + " of each class";
        String purpose = "validation (" + validation + ") decides which weights are kept";
        return plan.test() == 0 ? purpose : purpose + "; the test comes once, at the end";
    }

    static String geometry(InputGeometry geometry) {
        String fit = geometry.fit() == InputGeometry.Fit.STRETCH
                ? "stretched"
                : "shorter side to " + geometry.resize() + ", then the middle";
        return geometry.size() + "x" + geometry.size() + " pixels (" + fit + ", " + interpolation(geometry) + ")";
    }

    static String interpolation(InputGeometry geometry) {
        return geometry.interpolation().name().toLowerCase(Locale.ROOT);
    }

    private String pixelSource(OnnxUse onnx) {
        if (settings.get(BackboneSettings.BACKBONE) instanceof BackboneSource.OnnxFile file && file.pixels() != null) {
            return "";
        }
        return onnx.own() ? ", as Graft exported it" : ", which is a guess; --normalize says otherwise";
    }

    private String source() {
        BackboneSource source = settings.get(BackboneSettings.BACKBONE);
        if (source instanceof BackboneSource.OnnxFile onnx) {
            return ", from " + Text.path(onnx.file());
        }
        if (source instanceof PreviousModel old) {
            return ", as " + Text.path(old.file()) + " has it";
        }
        Path weights = ((BackboneSource.OfZoo) source).weights();
        return weights == null ? ", pretrained" : ", weights from " + Text.path(weights);
    }

    private static void advice(Terminal terminal, Advice advice) {
        String title = "Advice";
        for (String reason : advice.reasons()) {
            item(terminal, title, reason);
            title = "";
        }
        if (!advice.depths().isEmpty()) {
            terminal.line(MARGIN
                    + terminal.dim("a linear classifier after "
                            + advice.depths().stream()
                                    .map(depth -> depth.stage() + " " + Text.format("%.3f", depth.accuracy()))
                                    .collect(Collectors.joining(", "))));
        }
    }

    private String head(HeadPhase head) {
        Phase phase = head.training();
        Pooling pooling = settings.get(HeadSettings.POOLING);
        String kind = head.head().name() + " on the frozen backbone's "
                + (pooling == Pooling.FEATURES ? "features" : "feature map (" + Constants.name(pooling) + ")");
        return phase == null
                ? kind + ", solved at once"
                : kind + ", " + length(phase) + ", learning rate " + Numbers.text(head.learningRate());
    }

    private static String length(Phase phase) {
        boolean early = phase.patience() < phase.epochs();
        return early
                ? "up to " + phase.epochs() + " epochs, ends after " + phase.patience() + " without a gain"
                : Text.count(phase.epochs(), "epoch", "epochs");
    }

    private String rates(TuningPhase tuning) {
        double lowest = tuning.groups().stream()
                .mapToDouble(Optimizer.Assigned::learningRate)
                .min()
                .orElse(tuning.learningRate());
        String span = lowest == tuning.learningRate()
                ? Numbers.text(lowest)
                : Numbers.text(lowest) + " at its first layers to " + Numbers.text(tuning.learningRate());
        return "rates " + span + ", " + Constants.name(settings.get(TuningSettings.SCHEDULE)) + "; batch normalisation "
                + Constants.name(settings.get(TuningSettings.BATCH_NORM)).replace('-', ' ');
    }

    static String from(Place place) {
        return place instanceof Place.LastLayers ? "in its last " + place + " layers" : "from " + place + " on";
    }

    private String cache() {
        Path folder = settings.get(RunSettings.CACHE);
        if (settings.get(RunSettings.NO_CACHE)) {
            return "none, as --no-cache says: the frozen layers run in every epoch";
        }
        if (cacheLost) {
            return Text.path(folder) + " keeps nothing more: the frozen layers run in every epoch";
        }
        return Text.path(folder) + ": the frozen layers run once for each picture, not in every epoch";
    }

    static void item(Terminal terminal, String title, String text) {
        terminal.item(title, MARGIN.length(), text);
    }
}
