package dev.graft.transfer.config;

import dev.graft.heads.Head;
import dev.graft.transfer.setting.Setting;
import java.util.Map;

/** What decides what is not asked for. */
public enum Recipe {
    /** The advice: by how many pictures there are, and how far they are from what the backbone knows. */
    AUTO(Map.of()),
    /** The head alone, on the frozen backbone. */
    HEAD(Map.of()),
    /** The head, then the last stages with it. */
    LAST(Map.of()),
    /** The head, then the whole backbone with it. */
    FULL(Map.of()),
    /**
     * What tutorials do: a head trained for some epochs, then the last stages with one rate that falls to 0; the best epoch
     * is kept.
     */
    CLASSIC(Map.of(
            HeadSettings.HEAD,
            new Head.TrainedLinear(),
            TuningSettings.EPOCHS,
            5,
            TuningSettings.LEARNING_RATE,
            1e-4,
            TuningSettings.LAYER_DECAY,
            new StageDecay.Factor(1),
            TuningSettings.WARM_UP,
            0.0,
            TuningSettings.CLIP_NORM,
            0.0,
            TuningSettings.PATIENCE,
            5,
            TuningSettings.BLEND,
            false));

    private final transient Map<Setting<?>, Object> presets;

    Recipe(Map<Setting<?>, Object> presets) {
        this.presets = presets;
    }

    /** What it says of settings that are not asked for. */
    Map<Setting<?>, Object> presets() {
        return presets;
    }
}
