package dev.graft.transfer.setting;

/** A setting that something decides where nobody asks for it, or that stays unset. */
public final class OpenSetting<T> extends Setting<T> {
    private final String decidedBy;

    OpenSetting(String key, Kind<T> kind, String decidedBy, String help) {
        super(key, kind, help);
        this.decidedBy = decidedBy;
    }

    /** Marks it as one that the weights do not depend on. */
    public OpenSetting<T> ofTheRun() {
        keepsWeights();
        return this;
    }

    @Override
    public String otherwise() {
        return decidedBy;
    }
}
