package dev.graft;

import org.jspecify.annotations.Nullable;

/**
 * A setting that is wrong whatever the pictures are. The message begins with its name, which is that of the option of the
 * command line without the hyphens before it.
 */
public final class SettingException extends GraftException {
    private static final long serialVersionUID = 1L;

    public SettingException(String setting, String problem) {
        this(setting, problem, null);
    }

    public SettingException(String setting, String problem, @Nullable Throwable cause) {
        super(setting + ": " + problem, cause);
    }
}
