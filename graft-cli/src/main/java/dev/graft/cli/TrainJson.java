package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.audit.DataCare;
import dev.graft.preprocessing.PixelRange;
import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.report.Familiarity;
import dev.graft.train.History;
import dev.graft.train.Metrics;
import dev.graft.transfer.Reliability;
import dev.graft.transfer.TransferResult;
import dev.graft.transfer.TransferSettings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What {@code train --json} writes; {@code accuracy} and what follows it are of the validation pictures. */
final class TrainJson {
    private TrainJson() {}

    static ObjectNode of(TransferResult result, TransferSettings settings, Path out) {
        ObjectNode json = JsonFile.NODES.objectNode();
        json.put("model", result.plan().model());
        json.put("out", out.toString());
        json.setAll(EvaluationJson.of(result.validation()));
        Evaluation test = result.test();
        if (test != null) {
            json.set("test", EvaluationJson.of(test));
        }
        json.set("calibration", calibration(result.reliability()));
        DataCare care = result.plan().care();
        ObjectNode copies = json.putObject("care").put("copies", care.copies());
        ArrayNode contradictions = copies.putArray("contradictions");
        care.contradictions().forEach(group -> JsonFile.paths(contradictions.addArray(), group));
        JsonFile.paths(copies.putArray("dropped"), care.dropped());
        ArrayNode phases = json.putArray("phases");
        result.histories().forEach(history -> phases.add(phase(history)));
        json.set("timing", timing(result.timing()));
        OptionalLong peak = PeakMemory.megabytes();
        if (peak.isPresent()) {
            json.put("peak_rss_mb", peak.getAsLong());
        } else {
            json.putNull("peak_rss_mb");
        }
        json.set("skipped", JsonFile.skipped(result.skipped()));
        json.putObject("cache")
                .put("hits", result.cache().hits())
                .put("misses", result.cache().misses())
                .put("bytes", result.cache().bytes());
        json.set("settings", settings(settings));
        return json;
    }

    private static ObjectNode calibration(Reliability reliability) {
        Calibration calibration = reliability.calibration();
        ObjectNode json = JsonFile.NODES.objectNode().put("temperature", calibration.temperature());
        JsonFile.put(json, "loss_before", calibration.lossBefore());
        JsonFile.put(json, "loss_after", calibration.lossAfter());
        JsonFile.put(json, "ece_before", calibration.errorBefore());
        JsonFile.put(json, "ece_after", calibration.errorAfter());
        Familiarity familiarity = reliability.familiarity();
        return familiarity == null ? json.putNull("threshold") : json.put("threshold", familiarity.threshold());
    }

    private static ObjectNode phase(History history) {
        ObjectNode phase = JsonFile.NODES.objectNode().put("name", history.phase());
        ArrayNode epochs = phase.putArray("epochs");
        for (History.Epoch epoch : history.epochs()) {
            ObjectNode one = epochs.addObject().put("epoch", epoch.number());
            JsonFile.put(one, "loss", epoch.training().loss());
            JsonFile.put(one, "accuracy", epoch.training().accuracy());
            validation(one, epoch.validation());
            JsonFile.put(one, "seconds", epoch.seconds());
        }
        validation(phase.putObject("before"), history.before());
        return phase.put("best_epoch", history.bestEpoch()).put("stopped", history.stopped());
    }

    private static void validation(ObjectNode node, Metrics metrics) {
        JsonFile.put(node, "val_loss", metrics.loss());
        JsonFile.put(node, "val_accuracy", metrics.accuracy());
    }

    private static ObjectNode timing(TransferResult.Timing timing) {
        ObjectNode json = JsonFile.NODES.objectNode();
        JsonFile.put(json, "decode", timing.decode());
        JsonFile.put(json, "prefix", timing.prefix());
        JsonFile.put(json, "head", timing.head());
        JsonFile.put(json, "fine_tune", timing.fineTune());
        JsonFile.put(json, "total", timing.total());
        return json;
    }

    /** By the names of the options; null is what was not given. */
    private static ObjectNode settings(TransferSettings settings) {
        TransferSettings.OnnxBase onnx = settings.base().onnx();
        PixelRange pixels = onnx == null ? null : onnx.pixels();
        String normalize = pixels == null ? null : pixels.name().toLowerCase(Locale.ROOT);
        return JsonFile.NODES
                .objectNode()
                .put("folder", settings.data().folder().toString())
                .put("val", text(settings.data().validation()))
                .put("test", text(settings.data().test()))
                .put("test_split", settings.data().testShare())
                .put("skip_unreadable", settings.data().skipUnreadable())
                .put("group_by", settings.data().groupBy())
                .put("balance", settings.data().balance().name().toLowerCase(Locale.ROOT))
                .put("model", settings.base().model())
                .put("weights", text(settings.base().weights()))
                .put("backbone", onnx == null ? null : onnx.file().toString())
                .put("cut", onnx == null ? null : onnx.cut())
                .put("normalize", normalize)
                .put("image_size", positive(settings.base().imageSize()))
                .put("epochs", positive(settings.head().epochs()))
                .put("lr", settings.head().learningRate())
                .put("fine_tune_epochs", settings.fineTuning().epochs())
                .put("fine_tune_lr", settings.fineTuning().learningRate())
                .put("unfreeze", given(settings.fineTuning().unfreeze()))
                .put("batch", settings.batchSize())
                .put("views", settings.views())
                .put("seed", settings.seed())
                .put("threads", settings.threads())
                .put("cache", settings.cache().enabled() ? text(settings.cache().folder()) : null);
    }

    private static @Nullable String given(String unfreeze) {
        return unfreeze.equals(TransferSettings.AUTO) ? null : unfreeze;
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }

    private static @Nullable Integer positive(int number) {
        return number > 0 ? number : null;
    }
}
