package dev.graft.cli;

import dev.graft.audit.DataCare;
import dev.graft.data.PictureSizes;
import dev.graft.data.PictureSizes.Range;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.estimate.Budget;
import dev.graft.transfer.estimate.FolderAdvice;
import dev.graft.transfer.estimate.RunCost;
import dev.graft.transfer.estimate.Trial;
import dev.graft.transfer.plan.Advice;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.TransferPlan;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@code advise} prints.
 *
 * @param command the one that does it
 */
record AdviseText(Terminal terminal, FolderAdvice advice, String command) {
    private static final double MOST = 0.5;

    void print() {
        terminal.line();
        pictures();
        depths();
        strategy();
        cost();
        budgets();
        terminal.line();
        terminal.whole("Run  " + terminal.bold(command));
    }

    private void pictures() {
        List<String> classes = advice.plan().classes();
        List<Integer> counts = advice.counts();
        int all = counts.stream().mapToInt(Integer::intValue).sum();
        item("Pictures", Text.count(all, "picture", "pictures") + " of " + classes.size() + " classes");
        int least = counts.get(advice.smallest());
        int most = counts.get(advice.largest());
        more(
                least == most
                        ? Text.count(least) + " of each class"
                        : "from " + Text.count(least) + " ("
                                + Text.printable(classes.get(advice.smallest())) + ") to " + Text.count(most) + " ("
                                + Text.printable(classes.get(advice.largest())) + ") of a class"
                                + (advice.isUnbalanced()
                                        ? ": uneven, --balance weights lets those of rare classes count more"
                                        : ""));
        sizes(advice.sizes());
        if (!advice.skipped().isEmpty()) {
            more("unreadable and left out: "
                    + Text.count(advice.skipped().size(), "picture", "pictures") + ", such as "
                    + Text.path(advice.skipped().get(0).path()) + ": "
                    + Text.printable(advice.skipped().get(0).reason()));
        }
        PlanText.passedOver(terminal, advice.plan().source());
        DataCare care = advice.plan().care();
        PlanText.care(terminal, care);
        if (care.copies() == 0 && care.near() == 0) {
            more("no copies and no near copies found");
        }
    }

    private void sizes(PictureSizes sizes) {
        if (sizes.isEmpty()) {
            return;
        }
        Range widths = sizes.widths();
        Range heights = sizes.heights();
        int all = advice.counts().stream().mapToInt(Integer::intValue).sum();
        String looked =
                sizes.sizes().size() < all ? "; " + Text.count(sizes.sizes().size()) + " looked at" : "";
        boolean same = widths.least() == widths.most() && heights.least() == heights.most();
        more(
                same
                        ? widths.least() + "x" + heights.least() + " pixels" + looked
                        : widths.least() + " to " + widths.most() + " pixels wide, " + heights.least() + " to "
                                + heights.most() + " high, the median " + widths.median() + "x" + heights.median()
                                + looked);
        double enlarged = sizes.enlarged(advice.plan().geometry());
        if (enlarged > MOST) {
            more("warning: " + Text.percent(enlarged) + " are smaller than the backbone takes them ("
                    + advice.plan().geometry().resize() + " pixels) and are enlarged, which adds no detail");
        }
    }

    private void depths() {
        List<Advice.Depth> depths = advice.plan().advice().depths();
        item(
                "Probe",
                "of " + Text.printable(advice.plan().model()) + ", "
                        + PlanText.geometry(advice.plan().geometry()));
        if (depths.isEmpty()) {
            more("none: that takes 5 pictures of each class to train on, features that fit into memory, and a"
                    + " backbone of the zoo");
            return;
        }
        more("how well a linear classifier tells the classes apart by what is after a stage:");
        Table table = Table.of("stage", "accuracy", "error");
        for (Advice.Depth depth : depths) {
            table.row(
                    Text.printable(depth.stage()),
                    Text.format("%.3f", depth.accuracy()),
                    Text.format("±%.3f", depth.error()));
        }
        table.print(terminal, PlanText.MARGIN);
    }

    private void strategy() {
        String title = "Advice";
        for (String reason : advice.plan().advice().reasons()) {
            item(title, reason);
            title = "";
        }
        TransferPlan plan = advice.plan();
        String head = plan.head()
                .map(phase -> "a head of kind " + phase.head().name())
                .orElse("no head first");
        more("recipe " + terminal.bold(Constants.name(advice.recipe())) + ": " + head + tuning(plan));
        if (plan.tuning().isEmpty() && advice.trial().tuned() != null) {
            more("should it be fine-tuned nevertheless, then "
                    + part(plan.advice().unfreeze()));
        }
        PlanText.notes(terminal, plan);
    }

    private String tuning(TransferPlan plan) {
        List<TuningPhase> phases = plan.tuning();
        if (phases.isEmpty()) {
            return " on the frozen backbone";
        }
        Place from = phases.get(phases.size() - 1).from();
        return ", then "
                + part(from)
                + (phases.size() == 1 ? "" : " in " + phases.size() + " phases") + ", up to "
                + Text.count(advice.cost().epochs(), "epoch", "epochs");
    }

    private static String part(Place from) {
        return from instanceof Place.Whole ? "the whole backbone" : "the backbone " + PlanText.from(from);
    }

    private void cost() {
        RunCost cost = advice.cost();
        Trial trial = advice.trial();
        item(
                "Time",
                "about " + Text.secondsLeft(cost.extraction()) + " to look at all pictures ("
                        + Progress.rate(1 / trial.extraction()) + "), "
                        + (!advice.settings().get(RunSettings.NO_CACHE)
                                ? advice.cached() ? "which came from the cache" : "which is cached now"
                                : "in each run, as nothing is cached"));
        Trial.Tuned tuned = trial.tuned();
        if (tuned != null) {
            String epoch = Text.seconds(cost.epoch()) + " an epoch (" + Progress.rate(1 / tuned.step()) + ")";
            more(
                    cost.epochs() == 0
                            ? "the head takes seconds; fine-tuning " + part(tuned.from()) + " would take about " + epoch
                            : (cost.boundary() > 0
                                            ? "about " + Text.secondsLeft(cost.boundary())
                                                    + " for the frozen layers in fine-tuning, "
                                            : "")
                                    + "about " + epoch);
        }
        double left = cost.total() - (!advice.settings().get(RunSettings.NO_CACHE) ? cost.extraction() : 0);
        if (cost.epochs() > 0) {
            more("about " + Text.secondsLeft(left) + " of training in all, at most, and some seconds for the head");
        }
        OptionalLong peak = PeakMemory.megabytes();
        if (peak.isPresent()) {
            item("Memory", "about " + Text.count(peak.getAsLong()) + " MB, the most that this trial has taken");
        }
        item(
                "Disk",
                !advice.settings().get(RunSettings.NO_CACHE)
                        ? "about " + Text.bytes(cost.cacheBytes()) + " in the cache"
                        : "none for a cache");
    }

    private void budgets() {
        if (advice.budgets().isEmpty()) {
            return;
        }
        item("Backbones", "for other budgets; times are scaled by GMACs from what was measured:");
        Table table = Table.of("budget", "name", "parameters", "GMACs", "top-1", "first look", "an epoch", "weights")
                .left(1)
                .left(7)
                .typed(7);
        TransferPlan plan = advice.plan();
        int pictures = plan.training() + plan.validation() + plan.test();
        for (Budget budget : advice.budgets()) {
            Double top1 = budget.top1();
            table.row(
                    budget.level() == Budget.Level.HERE ? "best here" : Constants.name(budget.level()),
                    budget.model(),
                    Text.count(budget.parameters()),
                    Text.format("%.2f", budget.multiplyAdds() / 1e9),
                    top1 == null ? "" : Text.format("%.1f", top1),
                    Text.secondsLeft(budget.extraction(advice.trial(), pictures)),
                    budget.epoch(advice.trial(), plan.training(), plan.validation()).stream()
                            .mapToObj(Text::secondsLeft)
                            .findFirst()
                            .orElse(""),
                    budget.here() ? "here" : "graft models pull " + budget.model());
        }
        table.print(terminal, PlanText.MARGIN);
        more(terminal.dim("each at its own size of input; an epoch is one of fine-tuning the last stages; plain"
                + " convolutions take less"));
    }

    private void item(String title, String text) {
        PlanText.item(terminal, title, text);
    }

    private void more(String text) {
        terminal.line(PlanText.MARGIN + text);
    }
}
