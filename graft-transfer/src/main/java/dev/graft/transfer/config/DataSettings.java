package dev.graft.transfer.config;

import dev.graft.data.ImageFolder;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.Kind;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;

/** The pictures of a run, beside their folder. */
public final class DataSettings {
    /** Where else the pictures to validate on are. */
    public static final OpenSetting<Path> VALIDATION = Setting.open(
                    "val",
                    Kind.folder(),
                    "",
                    "Another folder to validate on; else FOLDER/val, or a fifth of the pictures.")
            .ofTheRun();

    /** Where else the pictures to test on are. */
    public static final OpenSetting<Path> TEST = Setting.open(
                    "test",
                    Kind.folder(),
                    "",
                    "Another folder that is used once, at the end; else FOLDER/test, or none.")
            .ofTheRun();

    /** The share that is split off for testing where there is no test folder, 0 for none. */
    public static final FixedSetting<Double> TEST_SHARE = Setting.fixed(
                    "test-split",
                    Kind.share("a share", 1 - ImageFolder.VALIDATION_SHARE),
                    0.0,
                    "Keeps that share of the pictures back as the test part, such as 0.15.")
            .ofTheRun();

    /** Whether to go on although more than a tenth of the pictures cannot be read. */
    public static final FixedSetting<Boolean> SKIP_UNREADABLE = Setting.fixed(
                    "skip-unreadable",
                    Kind.flag(),
                    false,
                    "Goes on even if more than a tenth of the pictures is unreadable.")
            .ofTheRun();

    /** A regular expression for the origin of a picture, as {@link dev.graft.data.PictureGroups#byName} has it. */
    public static final OpenSetting<String> GROUP_BY = Setting.open(
                    "group-by",
                    Kind.text("REGEX"),
                    "",
                    "Keeps pictures of one origin, a patient or a film, on one side of the split: those for which the"
                            + " expression finds the same in the path below the class's folder, in its first group if it"
                            + " has one.")
            .ofTheRun();

    /** What is done about classes of different sizes. */
    public static final FixedSetting<Balance> BALANCE = Setting.fixed(
            "balance",
            Kind.oneOf(Balance.class),
            Balance.NONE,
            "What is done about classes of different sizes: nothing, pictures of rare ones count more, or come more"
                    + " often");

    private DataSettings() {}
}
