package dev.graft.transfer.estimate;

import dev.graft.transfer.config.Place;
import org.jspecify.annotations.Nullable;

/**
 * What a short trial on this machine has shown, with the pictures, the backbone and the threads of a run.
 *
 * @param extraction seconds of feature extraction for a picture
 * @param decodeShare the part of that which is spent on decoding, not in the network
 * @param extractionBytes what feature extraction gives for a picture
 * @param multiplyAdds of the network for a picture
 * @param tuned what fine-tuning takes, or null where the backbone cannot be tuned
 */
public record Trial(
        double extraction,
        double decodeShare,
        long extractionBytes,
        long multiplyAdds,
        @Nullable Tuned tuned) {
    /**
     * Real steps of training on a copy of the weights; seconds for a picture each.
     *
     * @param from where the backbone trained from on,
     * @param prefix decoding and the frozen part, up to the boundary; 0 where nothing is frozen
     * @param step of training, forward and backward, after the boundary
     * @param evaluation forward alone
     * @param boundaryBytes what is kept of a picture at the boundary
     * @param multiplyAdds of the part that trains, forward, for a picture
     */
    public record Tuned(
            Place from, double prefix, double step, double evaluation, long boundaryBytes, long multiplyAdds) {}

    /** Seconds of the first look at a picture with another network, in proportion to what it computes. */
    double extraction(long otherMultiplyAdds) {
        double network = extraction * (1 - decodeShare);
        return extraction - network + network * ((double) otherMultiplyAdds / Math.max(1, multiplyAdds));
    }
}
