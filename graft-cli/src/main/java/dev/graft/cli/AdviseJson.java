package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.audit.DataCare;
import dev.graft.data.PictureSizes;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.estimate.Budget;
import dev.graft.transfer.estimate.FolderAdvice;
import dev.graft.transfer.estimate.RunCost;
import dev.graft.transfer.estimate.Trial;
import dev.graft.transfer.plan.TransferPlan;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What {@code advise --json} writes; times are wall seconds. */
final class AdviseJson {
    private AdviseJson() {}

    static ObjectNode of(FolderAdvice advice, String command) {
        TransferPlan plan = advice.plan();
        ObjectNode json = JsonFile.NODES.objectNode();
        json.put("folder", advice.settings().folder().toString()).put("model", plan.model());
        ObjectNode classes = json.putObject("classes");
        List<Integer> counts = advice.counts();
        for (int i = 0; i < counts.size(); i++) {
            classes.put(plan.classes().get(i), counts.get(i));
        }
        json.put("unbalanced", advice.isUnbalanced());
        sizes(json, advice);
        json.set("skipped", JsonFile.skipped(advice.skipped()));
        plan.source().remarks().forEach(json.putArray("remarks")::add);
        ArrayNode notes = json.putArray("notes");
        plan.notes().forEach(note -> notes.add(Failures.ours(note)));
        DataCare care = plan.care();
        ObjectNode copies = json.putObject("care").put("copies", care.copies()).put("near", care.near());
        ArrayNode contradictions = copies.putArray("contradictions");
        care.contradictions().forEach(group -> JsonFile.paths(contradictions.addArray(), group));
        json.set("advice", TrainJson.advice(plan.advice()));
        json.put("recipe", Constants.name(advice.recipe()))
                .put("head", advice.settings().head().name())
                .put("unfreeze", advice.unfreeze().map(Unfreezing::toString).orElse(null))
                .put("command", command);
        cost(json.putObject("cost"), advice);
        ArrayNode budgets = json.putArray("budgets");
        advice.budgets().forEach(budget -> budgets.add(budget(budget, advice)));
        return json;
    }

    private static void sizes(ObjectNode json, FolderAdvice advice) {
        PictureSizes sizes = advice.sizes();
        ObjectNode node = json.putObject("sizes").put("looked_at", sizes.sizes().size());
        if (!sizes.isEmpty()) {
            range(node.putObject("width"), sizes.widths());
            range(node.putObject("height"), sizes.heights());
            JsonFile.put(node, "enlarged", sizes.enlarged(advice.plan().geometry()));
        }
    }

    private static void range(ObjectNode node, PictureSizes.Range range) {
        node.put("least", range.least()).put("median", range.median()).put("most", range.most());
    }

    private static void cost(ObjectNode json, FolderAdvice advice) {
        RunCost cost = advice.cost();
        JsonFile.put(json, "extraction", cost.extraction());
        JsonFile.put(json, "boundary", cost.boundary());
        JsonFile.put(json, "epoch", cost.epoch());
        json.put("epochs", cost.epochs());
        JsonFile.put(json, "end", cost.end());
        JsonFile.put(json, "total", cost.total());
        json.put("cache_bytes", cost.cacheBytes()).put("cached", advice.cached());
        OptionalLong peak = PeakMemory.megabytes();
        if (peak.isPresent()) {
            json.put("peak_rss_mb", peak.getAsLong());
        } else {
            json.putNull("peak_rss_mb");
        }
        Trial trial = advice.trial();
        ObjectNode measured = json.putObject("a_picture");
        JsonFile.put(measured, "extraction", trial.extraction());
        JsonFile.put(measured, "decode_share", trial.decodeShare());
        Trial.Tuned tuned = trial.tuned();
        if (tuned != null) {
            measured.put("from", tuned.from().toString());
            JsonFile.put(measured, "prefix", tuned.prefix());
            JsonFile.put(measured, "step", tuned.step());
            JsonFile.put(measured, "evaluation", tuned.evaluation());
            measured.put("boundary_bytes", tuned.boundaryBytes());
        }
    }

    private static ObjectNode budget(Budget budget, FolderAdvice advice) {
        TransferPlan plan = advice.plan();
        ObjectNode json = JsonFile.NODES
                .objectNode()
                .put("level", budget.level().name().toLowerCase(Locale.ROOT))
                .put("model", budget.model())
                .put("parameters", budget.parameters())
                .put("multiply_adds", budget.multiplyAdds())
                .put("top1", budget.top1())
                .put("here", budget.here());
        int pictures = plan.training() + plan.validation() + plan.test();
        JsonFile.put(json, "extraction", budget.extraction(advice.trial(), pictures));
        double epoch =
                budget.epoch(advice.trial(), plan.training(), plan.validation()).orElse(Double.NaN);
        JsonFile.put(json, "epoch", epoch);
        return json;
    }
}
