package dev.graft.transfer.estimate;

import dev.graft.report.InDistribution;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.estimate.Trial.Tuned;
import dev.graft.transfer.features.OpenStore;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.TransferPlan;

/**
 * About what a run will take on the machine of a {@link Trial}, in wall seconds. A head that is solved takes seconds and is
 * not in it.
 *
 * @param extraction feature extraction of all pictures, in all views that the head has, where nothing of it is cached
 * @param boundary the frozen part over all pictures and views before fine-tuning; 0 where it runs in every epoch
 * @param epoch one of fine-tuning, with its validation
 * @param epochs of fine-tuning at most, all phases together; 0 where the head is all
 * @param end what follows the phases: the weights are mixed, compared and measured
 * @param cacheBytes what it keeps on disk
 */
public record RunCost(double extraction, double boundary, double epoch, int epochs, double end, long cacheBytes) {
    static RunCost of(Trial trial, TransferPlan plan, ResolvedSettings settings) {
        long looks = views(plan, settings.headViews());
        double extraction = looks * trial.extraction();
        long bytes = kept(settings, looks * trial.extractionBytes());
        Tuned tuned = trial.tuned();
        if (tuned == null) {
            return new RunCost(extraction, 0, 0, 0, 0, bytes);
        }
        boolean nothingFrozen = tuned.boundaryBytes() == 0;
        boolean everyEpoch = nothingFrozen || settings.get(RunSettings.NO_CACHE);
        double boundary = 0;
        int epochs = 0;
        for (TuningPhase phase : plan.tuning()) {
            int length = phase.phase().epochs();
            long views = views(plan, settings.tuningViews(nothingFrozen, length));
            long keeps = kept(settings, views * tuned.boundaryBytes());
            everyEpoch |= keeps == 0;
            boundary += keeps == 0 ? 0 : views * tuned.prefix();
            bytes += keeps;
            epochs += length;
        }
        double each = !everyEpoch ? 0 : nothingFrozen ? trial.extraction() * trial.decodeShare() : tuned.prefix();
        double epoch = plan.training() * (tuned.step() + each) + plan.validation() * (tuned.evaluation() + each);
        return new RunCost(
                extraction, boundary, epoch, epochs, evaluated(plan, settings) * (tuned.evaluation() + each), bytes);
    }

    /** How many pictures the network looks at after all phases. */
    private static long evaluated(TransferPlan plan, ResolvedSettings settings) {
        int phases = plan.tuning().size();
        long each = 2L * plan.validation() + plan.test() + Math.min(InDistribution.EXAMPLES, plan.training());
        long mixed = phases > 0 && settings.get(TuningSettings.BLEND)
                ? (long) WeightInterpolation.mixtures() * plan.validation()
                : 0;
        return phases * each + mixed;
    }

    private static long views(TransferPlan plan, int ofTraining) {
        return (long) plan.training() * ofTraining + plan.validation() + plan.test();
    }

    /** What a pass keeps: all or, where the cache cannot hold that, nothing. */
    private static long kept(ResolvedSettings settings, long bytes) {
        return bytes <= OpenStore.capacity(settings.decided()) ? bytes : 0;
    }

    /** All of it. */
    public double total() {
        return extraction + boundary + epoch * epochs + end;
    }
}
