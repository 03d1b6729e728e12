package dev.graft.transfer.config;

import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.Kind;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import dev.graft.zoo.Zoo;

/** The pretrained network. */
public final class BackboneSettings {
    /** Where it comes from. */
    public static final FixedSetting<BackboneSource> BACKBONE = Setting.<BackboneSource>fixed(
                    "model",
                    Kind.composed(BackboneSource::toString),
                    new BackboneSource.OfZoo(Zoo.DEFAULT),
                    "The backbone.")
            .ofTheRun();

    /** The side of the square input in pixels. */
    public static final OpenSetting<Integer> IMAGE_SIZE = Setting.open(
                    "image-size",
                    Kind.integer("N", 1, Integer.MAX_VALUE),
                    "",
                    "Side of the input in pixels; else what the backbone was trained at.")
            .ofTheRun();

    private BackboneSettings() {}
}
