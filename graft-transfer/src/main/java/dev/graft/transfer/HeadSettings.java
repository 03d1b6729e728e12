package dev.graft.transfer;

import dev.graft.SettingException;
import dev.graft.heads.Head;
import org.jspecify.annotations.Nullable;

/**
 * The head, and the first phase, which trains it on the frozen backbone.
 *
 * @param head what goes on the features, or null for the one that suits the number of pictures
 * @param pooling what it takes for features
 * @param epochs of a head that gradients train, or {@link TransferSettings#CHOOSE}
 * @param learningRate of a head that gradients train
 * @param first false leaves the first phase out, so that a fresh head trains together with the backbone
 */
public record HeadSettings(@Nullable Head head, Pooling pooling, int epochs, double learningRate, boolean first) {
    public HeadSettings {
        if (epochs != TransferSettings.CHOOSE && epochs < 1) {
            throw new SettingException("epochs", "expected at least 1, got " + epochs);
        }
        TransferSettings.rate("lr", learningRate);
        if (!first && head != null && head.isSolved()) {
            throw new SettingException(
                    "no-head-first",
                    "a head of kind '" + head.name()
                            + "' is solved on the frozen backbone; leave --no-head-first out, or take --head linear");
        }
    }

    /** The head that suits, on the backbone's own features, before anything else trains. */
    public static HeadSettings standard() {
        return new HeadSettings(null, Pooling.FEATURES, TransferSettings.CHOOSE, 1e-3, true);
    }

    public HeadSettings head(@Nullable Head other) {
        return new HeadSettings(other, pooling, epochs, learningRate, first);
    }

    public HeadSettings pooling(Pooling other) {
        return new HeadSettings(head, other, epochs, learningRate, first);
    }

    public HeadSettings epochs(int count) {
        return new HeadSettings(head, pooling, count, learningRate, first);
    }

    public HeadSettings learningRate(double rate) {
        return new HeadSettings(head, pooling, epochs, rate, first);
    }

    public HeadSettings first(boolean trainedFirst) {
        return new HeadSettings(head, pooling, epochs, learningRate, trainedFirst);
    }
}
