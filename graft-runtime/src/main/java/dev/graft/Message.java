package dev.graft;

import java.util.function.UnaryOperator;

/**
 * A line for a user that is no failure.
 *
 * @param template may call settings by {@link SettingName#of}
 */
public record Message(String template) {
    /** With settings called as {@code naming} has it for their keys. */
    public String in(UnaryOperator<String> naming) {
        return SettingName.in(template, naming);
    }

    /** With settings called by their keys. */
    @Override
    public String toString() {
        return SettingName.plain(template);
    }
}
