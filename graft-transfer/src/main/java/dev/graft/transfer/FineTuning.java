package dev.graft.transfer;

import dev.graft.SettingException;
import dev.graft.train.Phase;
import java.util.List;

/**
 * The phases after the first, which train a part of the backbone with the head.
 *
 * @param epochs of each; 0 for no such phase, {@link TransferSettings#CHOOSE} for what the advice says
 * @param unfreeze from where on the backbone trains: {@link TransferSettings#AUTO}, or as {@link Unfreezing#parse} has it
 * @param batchNorm what batch normalisation does there
 * @param rates how fast weights move
 * @param stepping how batches become steps, and steps the weights that are kept
 * @param patience epochs without a gain after which a phase ends
 * @param labelSmoothing the share of each target that is spread over all classes
 * @param blend whether the weights of the first phase and the last are mixed as the validation part likes it best, and
 *     those of the first kept unless the gain is larger than the noise
 */
public record FineTuning(
        int epochs,
        String unfreeze,
        BatchNormPolicy batchNorm,
        Rates rates,
        Phase.Stepping stepping,
        int patience,
        double labelSmoothing,
        boolean blend) {
    static final int EPOCHS = 10;
    private static final int PATIENCE = 4;

    public FineTuning {
        if (epochs != TransferSettings.CHOOSE && epochs < 0) {
            throw new SettingException("fine-tune-epochs", "expected 0 or more, got " + epochs);
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new SettingException("label-smoothing", "expected a share from 0 to below 1, got " + labelSmoothing);
        }
        if (patience < 1) {
            throw new SettingException("patience", "expected at least 1, got " + patience);
        }
    }

    /** As the recipe has it. */
    public static FineTuning standard() {
        return new FineTuning(
                TransferSettings.CHOOSE,
                TransferSettings.AUTO,
                BatchNormPolicy.STATISTICS_FROZEN,
                Rates.standard(),
                new Phase.Stepping(1, 0),
                PATIENCE,
                0,
                true);
    }

    /** As tutorials have it: one rate that falls to 0, all epochs, and the best is kept. */
    public static FineTuning classic() {
        Rates rates = new Rates(1e-4, 1, List.of(), Rates.Curve.COSINE, 0, 0.01, 0);
        return standard().epochs(5).rates(rates).patience(5).labelSmoothing(0).blend(false);
    }

    /** No such phase. */
    public static FineTuning none() {
        return standard().epochs(0);
    }

    /** So many epochs where none are asked for. */
    FineTuning chosen() {
        return epochs == TransferSettings.CHOOSE ? epochs(EPOCHS) : this;
    }

    public FineTuning epochs(int count) {
        return new FineTuning(count, unfreeze, batchNorm, rates, stepping, patience, labelSmoothing, blend);
    }

    public FineTuning unfreeze(String from) {
        return new FineTuning(epochs, from, batchNorm, rates, stepping, patience, labelSmoothing, blend);
    }

    public FineTuning batchNorm(BatchNormPolicy policy) {
        return new FineTuning(epochs, unfreeze, policy, rates, stepping, patience, labelSmoothing, blend);
    }

    public FineTuning rates(Rates other) {
        return new FineTuning(epochs, unfreeze, batchNorm, other, stepping, patience, labelSmoothing, blend);
    }

    public FineTuning learningRate(double rate) {
        return rates(rates.learningRate(rate));
    }

    public FineTuning stepping(Phase.Stepping other) {
        return new FineTuning(epochs, unfreeze, batchNorm, rates, other, patience, labelSmoothing, blend);
    }

    public FineTuning patience(int epochsWithoutGain) {
        return new FineTuning(epochs, unfreeze, batchNorm, rates, stepping, epochsWithoutGain, labelSmoothing, blend);
    }

    public FineTuning labelSmoothing(double share) {
        return new FineTuning(epochs, unfreeze, batchNorm, rates, stepping, patience, share, blend);
    }

    public FineTuning blend(boolean mixed) {
        return new FineTuning(epochs, unfreeze, batchNorm, rates, stepping, patience, labelSmoothing, mixed);
    }
}
