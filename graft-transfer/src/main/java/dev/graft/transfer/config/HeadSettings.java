package dev.graft.transfer.config;

import dev.graft.SettingName;
import dev.graft.heads.Head;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.Kind;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.util.Optional;

/** The head, and the first phase, which trains it on the frozen backbone. */
public final class HeadSettings {
    /** What goes on the features. */
    public static final OpenSetting<Head> HEAD = Setting.open(
            "head",
            Kind.composed(Head::toString),
            "by the number of pictures",
            "What goes on the backbone's features.");

    /** What the head takes for features. */
    public static final FixedSetting<Pooling> POOLING = Setting.fixed(
            "pooling",
            Kind.oneOf(Pooling.class),
            Pooling.FEATURES,
            "What the head takes: the backbone's own features, or its feature map's mean, its maximum, or all of it");

    /** Epochs of a head that gradients train. */
    public static final OpenSetting<Integer> EPOCHS = Setting.open(
            "epochs",
            Kind.integer("N", 1, Integer.MAX_VALUE).checked(HeadSettings::epochsProblem),
            "",
            "Epochs of a head that gradients train; else enough for the number of pictures, ended early when they no"
                    + " longer help.");

    /** The learning rate of a head that gradients train. */
    public static final FixedSetting<Double> LEARNING_RATE = Setting.fixed(
            "lr",
            Kind.number("X").checked(TuningSettings::rateProblem),
            1e-3,
            "Learning rate of a head that gradients train");

    /** Whether the head is trained on the frozen backbone before anything else; else a fresh one trains with it. */
    public static final FixedSetting<Boolean> FIRST = Setting.fixed(
            "head-first",
            Kind.flag(),
            true,
            "Trains a fresh head together with the backbone from the start, which spoils what the backbone knows.");

    private HeadSettings() {}

    private static Optional<String> epochsProblem(int epochs) {
        if (epochs == 0) {
            return Optional.of("0 epochs: a fresh head would spoil the backbone; say " + SettingName.of("no-head-first")
                    + " if that is wanted");
        }
        return epochs > 0 ? Optional.empty() : Optional.of("expected at least 1, got " + epochs);
    }
}
