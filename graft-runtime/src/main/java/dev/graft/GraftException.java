package dev.graft;

import org.jspecify.annotations.Nullable;

/**
 * What a user is told when something cannot be done: one line that says where, what was expected, what came and what
 * to do. The command line prints the message alone.
 */
public class GraftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GraftException(String message) {
        super(message);
    }

    public GraftException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
