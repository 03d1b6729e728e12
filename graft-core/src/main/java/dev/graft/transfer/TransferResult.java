package dev.graft.transfer;

import dev.graft.bundle.Bundle;
import dev.graft.data.Skipped;
import dev.graft.report.Evaluation;
import dev.graft.train.History;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run gave.
 *
 * @param network the trained network
 * @param plan what was done
 * @param histories one a phase
 * @param validation how the final weights did on the validation pictures, at temperature 1
 * @param test how they did on the test pictures, or null where there are none
 * @param reliability how sure the network may be
 * @param skipped pictures that could not be read
 * @param cache what the store of frozen activations did
 * @param timing wall seconds
 * @param frozen for each phase the digest of everything that was frozen in it, verified at its end
 */
public record TransferResult(
        TransferNetwork network,
        TransferPlan plan,
        List<History> histories,
        Evaluation validation,
        @Nullable Evaluation test,
        Reliability reliability,
        List<Skipped> skipped,
        CacheUse cache,
        Timing timing,
        Map<String, String> frozen) {
    /** Views that the store had, views that were computed, and the bytes of the whole store. */
    public record CacheUse(int hits, int misses, long bytes) {
        CacheUse plus(int moreHits, int moreMisses, long bytesNow) {
            return new CacheUse(hits + moreHits, misses + moreMisses, bytesNow);
        }
    }

    /**
     * Where the time went, in wall seconds.
     *
     * @param decode reading, decoding and resizing pictures in the passes over the frozen part
     * @param prefix running the frozen part in those passes
     */
    public record Timing(double decode, double prefix, double head, double fineTune, double total) {}

    /** The trained classifier as it is saved. */
    public Bundle bundle(TransferSettings settings) {
        return Bundle.of(plan.classes(), network.geometry(), network.network(), Provenance.of(this, settings))
                .confidence(reliability.confidence());
    }

    /** Whether the user ended the run before its time. */
    public boolean stopped() {
        boolean leftOut = plan.fineTuning() != null && histories.size() < 2;
        return leftOut || histories.stream().anyMatch(History::stopped);
    }
}
