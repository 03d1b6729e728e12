package dev.graft;

/**
 * Training that destroyed what it trained: a loss, gradients or a weight that are no finite numbers any more. The network has
 * the best weights so far then.
 */
public final class DivergedException extends GraftException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * Says what happened.
     *
     * @param where it did, as the beginning of a line; may be empty
     * @param reason what is no finite number
     * @param remedy what became of the weights and what to do
     */
    public DivergedException(String where, String reason, String remedy) {
        super(where + reason + remedy);
        this.reason = reason;
    }

    /** What is no finite number. */
    public String reason() {
        return reason;
    }
}
