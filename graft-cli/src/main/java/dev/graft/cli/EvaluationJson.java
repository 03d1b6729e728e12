package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.report.Evaluation;

/** An evaluation as JSON: {@code accuracy, correct, total, loss, ece, classes, confusion} (rows are the truth). */
final class EvaluationJson {
    private EvaluationJson() {}

    static ObjectNode of(Evaluation evaluation) {
        ObjectNode json = JsonFile.NODES.objectNode();
        JsonFile.put(json, "accuracy", evaluation.accuracy());
        json.put("correct", evaluation.correct());
        json.put("total", evaluation.total());
        JsonFile.put(json, "loss", evaluation.loss());
        JsonFile.put(json, "ece", evaluation.calibrationError());
        ArrayNode classes = json.putArray("classes");
        for (Evaluation.ClassResult result : evaluation.perClass()) {
            ObjectNode one = classes.addObject().put("name", result.name());
            JsonFile.put(one, "precision", result.precision());
            JsonFile.put(one, "recall", result.recall());
            JsonFile.put(one, "f1", result.f1());
            one.put("support", result.support());
        }
        ArrayNode confusion = json.putArray("confusion");
        evaluation.confusion().forEach(row -> {
            ArrayNode counts = confusion.addArray();
            row.forEach(counts::add);
        });
        return json;
    }
}
