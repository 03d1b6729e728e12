package dev.graft;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a user is told when something cannot be done: one line that says where, what was expected, what came and what
 * to do. The command line prints the message alone.
 */
public class GraftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String template;

    /** @param message may call settings by {@link SettingName#of} */
    public GraftException(String message) {
        super(SettingName.plain(message));
        this.template = message;
    }

    /** @param message may call settings by {@link SettingName#of} */
    public GraftException(String message, @Nullable Throwable cause) {
        super(SettingName.plain(message), cause);
        this.template = message;
    }

    /** The message as it was given, with settings called by {@link SettingName#of}. */
    public String template() {
        return template;
    }

    /** The message with settings called as {@code naming} has it for their keys. */
    public String message(UnaryOperator<String> naming) {
        return SettingName.in(template, naming);
    }
}
