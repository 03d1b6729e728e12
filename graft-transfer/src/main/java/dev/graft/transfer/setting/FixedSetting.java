package dev.graft.transfer.setting;

/** A setting that has a default. */
public final class FixedSetting<T> extends Setting<T> {
    private final T standard;

    FixedSetting(String key, Kind<T> kind, T standard, String help) {
        super(key, kind, help);
        this.standard = standard;
    }

    /** Marks it as one that the weights do not depend on. */
    public FixedSetting<T> ofTheRun() {
        keepsWeights();
        return this;
    }

    /** The default. */
    public T standard() {
        return standard;
    }

    @Override
    public String flag() {
        return Boolean.TRUE.equals(standard) ? "no-" + key() : key();
    }

    @Override
    public String otherwise() {
        return standard instanceof Boolean ? "" : kind().text(standard);
    }
}
