package dev.graft.transfer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftVersion;
import dev.graft.report.Calibration;
import dev.graft.report.Evaluation;
import dev.graft.train.History;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.network.OnnxUse;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.plan.TransferPlan;

/**
 * Where a model comes from, as its bundle keeps it: versions, data, settings, what came out, and the digest of what was
 * frozen. No times, dates or absolute paths: the same training gives the same bytes.
 */
final class Provenance {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Provenance() {}

    static ObjectNode of(TransferResult result) {
        ResolvedSettings settings = result.settings();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("versions").put("graft", GraftVersion.get()).put("java", System.getProperty("java.version"));
        json.set("data", data(result, settings));
        json.set("settings", settings(result, settings));
        if (settings.get(BackboneSettings.BACKBONE) instanceof PreviousModel old) {
            ArrayNode classes =
                    json.putObject("continued_from").put("sha256", old.sha256()).putArray("classes");
            old.bundle().labels().forEach(classes::add);
        }
        ObjectNode metrics = json.putObject("metrics");
        metrics.set("validation", metrics(result.validation()));
        Evaluation test = result.test();
        if (test != null) {
            metrics.set("test", metrics(test));
        }
        Calibration calibration = result.reliability().calibration();
        metrics.putObject("calibration")
                .put("temperature", calibration.temperature())
                .put("ece_before", calibration.errorBefore())
                .put("ece_after", calibration.errorAfter());
        ObjectNode phases = json.putObject("phases");
        for (PhaseResult phase : result.phases()) {
            ObjectNode one = phases.putObject(phase.name());
            History history = phase.history();
            if (history != null) {
                one.put("epochs", history.epochs().size()).put("best_epoch", history.bestEpoch());
            }
            one.put("val_loss", phase.validation().loss())
                    .put("val_accuracy", phase.validation().accuracy())
                    .put("frozen_sha256", phase.frozen());
        }
        WeightInterpolation choice = result.choice();
        if (choice != null) {
            json.putObject("choice")
                    .put("fine_tuned_share", choice.kept())
                    .put("gain", choice.gain())
                    .put("error", choice.error());
        }
        return json;
    }

    private static ObjectNode data(TransferResult result, ResolvedSettings settings) {
        TransferPlan plan = result.plan();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("folder", String.valueOf(settings.folder().getFileName()))
                .put("training", plan.training())
                .put("validation", plan.validation())
                .put("test", plan.test())
                .put("skipped", result.skipped().size())
                .put("copies", plan.care().copies())
                .put("near_copies", plan.care().near())
                .put("dropped", plan.care().dropped().size())
                .put("group_by", settings.decided().orNull(DataSettings.GROUP_BY));
        ObjectNode classes = data.putObject("training_per_class");
        for (int label = 0; label < plan.classes().size(); label++) {
            classes.put(plan.classes().get(label), plan.counts().get(label));
        }
        return data;
    }

    private static ObjectNode settings(TransferResult result, ResolvedSettings settings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", settings.get(BackboneSettings.BACKBONE).toString());
        OnnxUse onnx = result.plan().onnx();
        if (onnx != null) {
            json.put("cut", onnx.cut()).put("pixels", onnx.pixels().name());
        }
        json.put("image_size", result.plan().geometry().size());
        json.setAll(MAPPER.<ObjectNode>valueToTree(settings.describe()));
        return json;
    }

    private static ObjectNode metrics(Evaluation evaluation) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("accuracy", evaluation.accuracy())
                .put("loss", evaluation.loss())
                .put("pictures", evaluation.total());
    }
}
