package dev.graft;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The name of a setting within a message. The library calls settings by their keys; whoever shows a message calls them as
 * its users know them: the command line {@code --fine-tune-lr}, a page by the label of its field.
 */
public final class SettingName {
    /** Private-use characters, which no key has, and no text that is not meant. */
    private static final char BEGIN = '\uE0A0';

    private static final char END = '\uE0A1';
    private static final Pattern NAME = Pattern.compile(BEGIN + "([a-z][a-z0-9-]*)" + END);

    private SettingName() {}

    /** What stands for a setting's name in the template of a message, such as that of a {@link GraftException}. */
    public static String of(String key) {
        return BEGIN + key + END;
    }

    /** A template with settings called by their keys. */
    public static String plain(String template) {
        return in(template, UnaryOperator.identity());
    }

    /** A template with settings called as {@code naming} has it for their keys. */
    public static String in(String template, UnaryOperator<String> naming) {
        return template.indexOf(BEGIN) < 0
                ? template
                : NAME.matcher(template).replaceAll(match -> naming.apply(match.group(1)));
    }
}
