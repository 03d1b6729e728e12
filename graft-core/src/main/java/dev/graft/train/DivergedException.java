package dev.graft.train;

import dev.graft.GraftException;

/**
 * Training that destroyed what it trained: a loss or a weight that is no finite number any more. The network has the best
 * weights so far then.
 */
public final class DivergedException extends GraftException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    DivergedException(String where, String reason) {
        super(where + reason + "; the best weights so far are kept. Lower the learning rate");
        this.reason = reason;
    }

    /** What is no finite number. */
    public String reason() {
        return reason;
    }
}
