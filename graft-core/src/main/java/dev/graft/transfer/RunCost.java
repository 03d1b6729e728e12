package dev.graft.transfer;

import dev.graft.transfer.TransferPlan.TuningPhase;
import dev.graft.transfer.Trial.Tuned;

/**
 * About what a run will take on the machine of a {@link Trial}, in wall seconds. A head that is solved takes seconds and is
 * not in it.
 *
 * @param survey the first look at all pictures, where nothing of it is cached
 * @param boundary the frozen part over all pictures and views before fine-tuning; 0 where it runs in every epoch
 * @param epoch one of fine-tuning, with its validation
 * @param epochs of fine-tuning at most, all phases together; 0 where the head is all
 * @param cacheBytes what it keeps on disk
 */
public record RunCost(double survey, double boundary, double epoch, int epochs, long cacheBytes) {
    static RunCost of(Trial trial, TransferPlan plan, TransferSettings settings) {
        int pictures = plan.training() + plan.validation() + plan.test();
        long views = (long) plan.training() * settings.views() + plan.validation() + plan.test();
        double survey = pictures * trial.survey();
        long surveyed = kept(settings, (plan.tuning().isEmpty() ? views : pictures) * trial.surveyBytes());
        Tuned tuned = trial.tuned();
        if (tuned == null) {
            return new RunCost(survey, 0, 0, 0, surveyed);
        }
        long behind = kept(settings, views * tuned.boundaryBytes());
        double epoch = plan.training() * tuned.step() + plan.validation() * tuned.evaluation();
        if (behind == 0) {
            double each = tuned.prefix() > 0 ? tuned.prefix() : trial.survey() * trial.decodeShare();
            epoch += (plan.training() + plan.validation()) * each;
        }
        int epochs = 0;
        for (TuningPhase phase : plan.tuning()) {
            epochs += phase.phase().epochs();
        }
        return epochs == 0
                ? new RunCost(survey, 0, epoch, 0, surveyed)
                : new RunCost(survey, behind == 0 ? 0 : views * tuned.prefix(), epoch, epochs, surveyed + behind);
    }

    /** What a pass keeps: all or, where the cache cannot hold that, nothing. */
    private static long kept(TransferSettings settings, long bytes) {
        return settings.cache().enabled() && bytes <= settings.cache().capBytes() ? bytes : 0;
    }

    /** All of it. */
    public double total() {
        return survey + boundary + epoch * epochs;
    }
}
