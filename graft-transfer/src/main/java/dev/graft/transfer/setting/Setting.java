package dev.graft.transfer.setting;

import dev.graft.SettingException;
import dev.graft.SettingName;

/**
 * One thing that a run can be told. Identity counts: there is one of each, a constant.
 *
 * @param <T> immutable values
 */
public abstract sealed class Setting<T> permits FixedSetting, OpenSetting {
    private final String key;
    private final Kind<T> kind;
    private final String help;
    private boolean decidesWeights = true;

    Setting(String key, Kind<T> kind, String help) {
        this.key = key;
        this.kind = kind;
        this.help = help;
    }

    /** A setting with a default. */
    public static <T> FixedSetting<T> fixed(String key, Kind<T> kind, T standard, String help) {
        return new FixedSetting<>(key, kind, standard, help);
    }

    /**
     * A setting that is decided later where nobody asks for it.
     *
     * @param decidedBy by what, in words; empty of one that may stay unset
     */
    public static <T> OpenSetting<T> open(String key, Kind<T> kind, String decidedBy, String help) {
        return new OpenSetting<>(key, kind, decidedBy, help);
    }

    /** Marks it as one that matters to where and how a run works, not to the weights that come out. */
    final void keepsWeights() {
        decidesWeights = false;
    }

    /** Its name: lower case with hyphens. In JSON hyphens are underscores. */
    public final String key() {
        return key;
    }

    public final Kind<T> kind() {
        return kind;
    }

    /** What it is for, in a sentence. */
    public final String help() {
        return help;
    }

    /** Its default, or what decides it, in words; empty where nothing need be said. */
    public abstract String otherwise();

    /** Whether two runs that differ in it give other weights: what a bundle keeps of settings, and a resumed run compares. */
    public final boolean decidesWeights() {
        return decidesWeights;
    }

    /** How whoever gives it says so: its key or, of what is on unless it is turned off, its key after {@code no-}. */
    public String flag() {
        return key;
    }

    /** Its flag as the template of a message has it. */
    public final String named() {
        return SettingName.of(flag());
    }

    /**
     * The value of a text.
     *
     * @throws SettingException if it is none
     */
    public final T parse(String text) {
        return kind.parse(flag(), text);
    }

    /**
     * The value itself.
     *
     * @throws SettingException if it is out of bounds
     */
    public final T checked(T value) {
        kind.check(value).ifPresent(problem -> {
            throw new SettingException(flag(), problem);
        });
        return value;
    }

    @Override
    public final String toString() {
        return key;
    }
}
