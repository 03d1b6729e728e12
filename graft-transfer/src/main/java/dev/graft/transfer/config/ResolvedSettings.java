package dev.graft.transfer.config;

import dev.graft.heads.Head;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a run does: what was asked for, with everything decided that was left open and matters to it.
 *
 * @param asked what was asked for
 * @param decided the same, and what was decided
 */
public record ResolvedSettings(TransferSettings asked, TransferSettings decided) {
    /** Views where each goes through the frozen layers once. */
    private static final int TUNING_VIEWS = 4;

    public Path folder() {
        return asked.folder();
    }

    public <T> T get(FixedSetting<T> setting) {
        return decided.get(setting);
    }

    /** @throws IllegalStateException if it was not decided, as nothing depends on it in this run */
    public <T> T get(OpenSetting<T> setting) {
        return decided.find(setting).orElseThrow(() -> new IllegalStateException(setting + " is open"));
    }

    /** What goes on the features. */
    public Head head() {
        return get(HeadSettings.HEAD);
    }

    /** How many views of each picture the head is trained on. */
    public int headViews() {
        return decided.headViews();
    }

    /**
     * How many views of each picture a phase of fine-tuning has. Where nothing is frozen a view costs nothing, so each epoch
     * has its own.
     */
    public int tuningViews(boolean nothingFrozen, int epochs) {
        int suitable = nothingFrozen ? epochs : Math.min(epochs, TUNING_VIEWS);
        return decided.isAugmented() ? decided.find(RunSettings.VIEWS).orElse(suitable) : 1;
    }

    /** The same without a store of frozen activations. */
    public ResolvedSettings uncached() {
        return new ResolvedSettings(asked, decided.with(RunSettings.NO_CACHE, true));
    }

    /** {@link TransferSettings#describe} of what was decided. */
    public Map<String, Object> describe() {
        return decided.describe();
    }

    /** Whether anybody asked for it. */
    public boolean asks(Setting<?> setting) {
        return asked.asks(setting);
    }
}
