package dev.graft.bundle;

import dev.graft.data.Skipped;
import dev.graft.report.Evaluation;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a classifier did on a folder of labelled pictures.
 *
 * @param evaluation of all that could be read, as if none were rejected
 * @param rejected how many of them the classifier would call unknown; empty if it never does
 * @param skipped those that could not be read
 */
public record EvaluatedFolder(Evaluation evaluation, OptionalInt rejected, List<Skipped> skipped) {
    public EvaluatedFolder {
        skipped = List.copyOf(skipped);
    }
}
