package dev.graft;

import org.jspecify.annotations.Nullable;

/** A setting that is wrong whatever the pictures are. The message begins with its name. */
public final class SettingException extends GraftException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * What is wrong.
     *
     * @param key of the setting
     * @param problem may call other settings by {@link SettingName#of}
     */
    public SettingException(String key, String problem) {
        this(key, problem, null);
    }

    /** The same, found out by another failure. */
    public SettingException(String key, String problem, @Nullable Throwable cause) {
        super(SettingName.of(key) + ": " + problem, cause);
        this.key = key;
    }

    /** Of the setting that is wrong. */
    public String key() {
        return key;
    }
}
