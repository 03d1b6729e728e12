package dev.graft.transfer.run;

import dev.graft.DivergedException;
import dev.graft.bundle.Bundle;
import dev.graft.data.Skipped;
import dev.graft.data.Splits;
import dev.graft.report.Evaluation;
import dev.graft.train.History;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.features.CacheUse;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.phase.Reliability;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.plan.TransferPlan;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run gave.
 *
 * @param network the trained network
 * @param plan what was done
 * @param settings with everything decided that was left open
 * @param parts the pictures that were learnt from, validated and tested on
 * @param phases those that were gone through
 * @param choice which weights were kept after fine-tuning, or null where that was not asked
 * @param failure what ended the run before its time, with the weights of before it kept; or null
 * @param validation how the final weights did on the validation pictures, at temperature 1
 * @param test how they did on the test pictures, or null where there are none
 * @param reliability how sure the network may be
 * @param skipped pictures that could not be read
 * @param cache what the store of frozen activations did
 * @param timing wall seconds
 */
public record TransferResult(
        TransferNetwork network,
        TransferPlan plan,
        ResolvedSettings settings,
        Splits parts,
        List<PhaseResult> phases,
        @Nullable WeightInterpolation choice,
        @Nullable Failure failure,
        Evaluation validation,
        @Nullable Evaluation test,
        Reliability reliability,
        List<Skipped> skipped,
        CacheUse cache,
        Timing timing) {
    /**
     * What ended a run after it had something to keep.
     *
     * @param phase which is left out, and so are those after it
     * @param learningRate the highest of that phase
     */
    public record Failure(String phase, double learningRate, Throwable cause) {
        /** Whether the rate was too high; going on would end alike. */
        public boolean isDivergence() {
            return cause instanceof DivergedException;
        }
    }

    /**
     * Where the time went, in wall seconds.
     *
     * @param decode reading, decoding and resizing pictures in the passes over the frozen part
     * @param prefix running the frozen part in those passes
     * @param head the phase of the head alone
     * @param fineTune the phases after it
     * @param frozen all from the start to the end of the head's phase; 0 without one
     * @param total all
     */
    public record Timing(double decode, double prefix, double head, double fineTune, double frozen, double total) {}

    public TransferResult {
        phases = List.copyOf(phases);
        skipped = List.copyOf(skipped);
    }

    /** The trained classifier as it is saved. */
    public Bundle bundle() {
        return Bundle.of(plan.classes(), network.geometry(), network.network(), Provenance.of(this))
                .confidence(reliability.confidence());
    }

    /** The epochs of the phases that have some. */
    public List<History> histories() {
        return phases.stream()
                .map(PhaseResult::history)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Whether the user ended the run before its time. */
    public boolean stopped() {
        if (failure != null) {
            return false;
        }
        return phases.size() < plan.phases().size() || histories().stream().anyMatch(History::stopped);
    }
}
