package dev.graft.bundle;

import dev.graft.data.Skipped;
import dev.graft.report.Evaluation;
import java.util.List;

/** How a classifier did on a folder of labelled pictures, and which of them could not be read. */
public record EvaluatedFolder(Evaluation evaluation, List<Skipped> skipped) {
    public EvaluatedFolder {
        skipped = List.copyOf(skipped);
    }
}
