package dev.graft.transfer.run;

/** Where the time of a run goes, in wall seconds, added up while it goes on. */
final class Timings {
    private double decode;
    private double prefix;
    private double head;
    private double fineTune;
    private double frozen;

    /**
     * A pass over the pictures has ended.
     *
     * @param decodeShare of it what went into decoding
     */
    void pass(double seconds, double decodeShare) {
        decode += seconds * decodeShare;
        prefix += seconds * (1 - decodeShare);
    }

    /**
     * The head's phase has ended.
     *
     * @param sinceBegun all from the start of the run on
     */
    void head(double seconds, double sinceBegun) {
        head = seconds;
        frozen = sinceBegun;
    }

    /** A phase of fine-tuning has ended. */
    void fineTune(double seconds) {
        fineTune += seconds;
    }

    TransferResult.Timing total(double seconds) {
        return new TransferResult.Timing(decode, prefix, head, fineTune, frozen, seconds);
    }
}
