package dev.graft.transfer.config;

import dev.graft.SettingException;
import dev.graft.SettingName;
import dev.graft.heads.Head;
import dev.graft.transfer.setting.Setting;
import java.util.Map;

/** What settings say of one another. */
final class SettingRules {
    private SettingRules() {}

    /** A one-cycle schedule warms up by itself. */
    static Map<Setting<?>, Object> presets(Map<Setting<?>, Object> asked) {
        return TransferSettings.get(asked, TuningSettings.SCHEDULE) == Curve.ONE_CYCLE
                ? Map.of(TuningSettings.WARM_UP, 0.0)
                : Map.of();
    }

    /**
     * Refuses what does not go together whatever the pictures are.
     *
     * @throws SettingException names one of them and what to do
     */
    static void check(TransferSettings settings) {
        boolean moving = settings.get(TuningSettings.BATCH_NORM) == BatchNormPolicy.MOVING && settings.isTuned();
        if (moving && settings.get(RunSettings.BATCH) == 1) {
            throw new SettingException(
                    RunSettings.BATCH.key(),
                    "with " + TuningSettings.BATCH_NORM.named()
                            + " moving a batch needs at least 2 pictures, as one has" + " no statistics; give "
                            + RunSettings.BATCH.named() + " 2 or more");
        }
        boolean first = settings.get(HeadSettings.FIRST);
        if (!first && !settings.isTuned()) {
            throw new SettingException(
                    HeadSettings.FIRST.flag(),
                    "without a first phase, there must be another; give " + TuningSettings.EPOCHS.named() + " above 0");
        }
        if (settings.get(BackboneSettings.BACKBONE) instanceof PreviousModel old) {
            int size = old.bundle().geometry().size();
            settings.find(BackboneSettings.IMAGE_SIZE)
                    .filter(asked -> asked != size)
                    .ifPresent(other -> {
                        throw new SettingException(
                                BackboneSettings.IMAGE_SIZE.key(),
                                "a model that is continued keeps its own, " + size + "; leave "
                                        + BackboneSettings.IMAGE_SIZE.named() + " out");
                    });
        }
        Head head = settings.orNull(HeadSettings.HEAD);
        if (!first && head != null && head.isSolved()) {
            throw new SettingException(
                    HeadSettings.FIRST.flag(),
                    "a head of kind '" + head.name() + "' is solved on the frozen backbone; leave "
                            + HeadSettings.FIRST.named() + " out, or take " + SettingName.of("head") + " linear");
        }
        if (settings.get(TuningSettings.SCHEDULE) == Curve.ONE_CYCLE && settings.get(TuningSettings.WARM_UP) > 0) {
            throw new SettingException(
                    TuningSettings.WARM_UP.key(),
                    "a one-cycle schedule warms up by itself; leave " + TuningSettings.WARM_UP.named() + " out");
        }
    }
}
