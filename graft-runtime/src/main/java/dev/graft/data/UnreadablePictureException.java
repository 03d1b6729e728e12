package dev.graft.data;

/**
 * A file that is not a picture, is damaged or is too large. Checked, because every caller must decide what becomes of
 * the others: a run goes on without this one and lists it. The message is a short reason without the path.
 */
public final class UnreadablePictureException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadablePictureException(String reason) {
        super(reason);
    }

    public UnreadablePictureException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** Why the picture cannot be read, in a few words: {@code truncated JPEG: no end marker}. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
