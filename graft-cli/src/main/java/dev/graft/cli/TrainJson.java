package dev.graft.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.audit.DataCare;
import dev.graft.preprocessing.PixelRange;
import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.report.InDistribution;
import dev.graft.train.History;
import dev.graft.train.Metrics;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.phase.Reliability;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.plan.Advice;
import dev.graft.transfer.run.TransferResult;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What {@code train --json} writes; {@code accuracy} and what follows it are of the validation pictures. */
final class TrainJson {
    private TrainJson() {}

    static ObjectNode of(TransferResult result, Path out) {
        ResolvedSettings settings = result.settings();
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
        copies.put("near", care.near());
        json.set("advice", advice(result.plan().advice()));
        ArrayNode phases = json.putArray("phases");
        result.phases().forEach(phase -> phases.add(phase(phase)));
        WeightInterpolation choice = result.choice();
        if (choice != null) {
            json.set("choice", choice(choice));
        }
        TransferResult.Failure failure = result.failure();
        if (failure != null) {
            json.putObject("failure")
                    .put("phase", failure.phase())
                    .put("diverged", failure.isDivergence())
                    .put("reason", Text.printable(String.valueOf(failure.cause().getMessage())));
        }
        json.set("timing", timing(result.timing()));
        OptionalLong peak = PeakMemory.megabytes();
        if (peak.isPresent()) {
            json.put("peak_rss_mb", peak.getAsLong());
        } else {
            json.putNull("peak_rss_mb");
        }
        json.set("skipped", JsonFile.skipped(result.skipped()));
        result.plan().source().ignored().forEach(json.putObject("ignored")::put);
        result.plan().source().remarks().forEach(json.putArray("remarks")::add);
        ArrayNode notes = json.putArray("notes");
        result.plan().notes().forEach(note -> notes.add(Failures.ours(note)));
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
        InDistribution inDistribution = reliability.inDistribution();
        return inDistribution == null ? json.putNull("threshold") : json.put("threshold", inDistribution.threshold());
    }

    static ObjectNode advice(Advice advice) {
        ObjectNode json = JsonFile.NODES.objectNode();
        json.put("pictures", advice.pictures())
                .put("recipe", Constants.name(advice.recipe()))
                .put("unfreeze", advice.unfreeze().toString());
        ArrayNode reasons = json.putArray("reasons");
        advice.reasons().forEach(reasons::add);
        ArrayNode depths = json.putArray("depths");
        for (Advice.Depth depth : advice.depths()) {
            ObjectNode one = depths.addObject().put("stage", depth.stage());
            JsonFile.put(one, "accuracy", depth.accuracy());
            JsonFile.put(one, "error", depth.error());
        }
        return json;
    }

    private static ObjectNode choice(WeightInterpolation choice) {
        ObjectNode json = JsonFile.NODES.objectNode().put("fine_tuned_share", choice.kept());
        JsonFile.put(json, "gain", choice.gain());
        JsonFile.put(json, "error", choice.error());
        ArrayNode candidates = json.putArray("candidates");
        for (WeightInterpolation.Candidate candidate : choice.candidates()) {
            ObjectNode one = candidates.addObject().put("share", candidate.share());
            JsonFile.put(one, "val_loss", candidate.loss());
            JsonFile.put(one, "val_accuracy", candidate.accuracy());
        }
        return json;
    }

    private static ObjectNode phase(PhaseResult result) {
        ObjectNode phase = JsonFile.NODES.objectNode().put("name", result.name());
        JsonFile.put(phase, "val_loss", result.validation().loss());
        JsonFile.put(phase, "val_accuracy", result.validation().accuracy());
        ArrayNode epochs = phase.putArray("epochs");
        History history = result.history();
        if (history == null) {
            return phase;
        }
        for (History.Epoch epoch : history.epochs()) {
            ObjectNode one = epochs.addObject().put("epoch", epoch.number());
            JsonFile.put(one, "loss", epoch.training().loss());
            JsonFile.put(one, "accuracy", epoch.training().accuracy());
            validation(one, epoch.validation());
            JsonFile.put(one, "lr", epoch.learningRate());
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
        JsonFile.put(json, "frozen", timing.frozen());
        JsonFile.put(json, "total", timing.total());
        return json;
    }

    /** By the names of the options; null is what was not given. */
    private static ObjectNode settings(ResolvedSettings settings) {
        ObjectNode json = JsonFile.NODES.objectNode();
        json.setAll(
                new ObjectMapper().<ObjectNode>valueToTree(settings.decided().describeAll()));
        BackboneSource source = settings.get(BackboneSettings.BACKBONE);
        Path weights = source instanceof BackboneSource.OfZoo ofZoo ? ofZoo.weights() : null;
        PreviousModel old = source instanceof PreviousModel previous ? previous : null;
        BackboneSource.OnnxFile onnx = source instanceof BackboneSource.OnnxFile file ? file : null;
        PixelRange pixels = onnx == null ? null : onnx.pixels();
        return json.put("weights", weights == null ? null : weights.toString())
                .put("continue", old == null ? null : old.file().toString())
                .put("drop_classes", old != null && old.dropsClasses())
                .put("backbone", onnx == null ? null : onnx.file().toString())
                .put("cut", onnx == null ? null : onnx.cut())
                .put("normalize", pixels == null ? null : Constants.name(pixels));
    }
}
