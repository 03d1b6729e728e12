package dev.graft.cli;

import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of settings that are given as one text, made from their declarations. */
final class SettingOptions {
    /** Leaves an open setting open. */
    private static final String AUTO = "auto";

    /** The order of options that come after these. */
    static final int AFTER = 1000;

    private SettingOptions() {}

    /** A command that takes them. */
    interface Taker {}

    static void addTo(CommandSpec command) {
        int order = 0;
        for (Setting<?> setting : TransferSettings.all()) {
            if (!setting.kind().isComposed()) {
                command.addOption(option(setting, ++order));
            }
        }
    }

    /** {@code --fine-tune-lr}, {@code --no-blend}. */
    static String name(Setting<?> setting) {
        return "--" + setting.flag();
    }

    static List<String> names(List<? extends Setting<?>> settings) {
        return settings.stream().map(SettingOptions::name).toList();
    }

    private static OptionSpec option(Setting<?> setting, int order) {
        OptionSpec.Builder option = OptionSpec.builder(name(setting))
                .order(order)
                .description(description(setting).replace("%", "%%"));
        if (setting.kind().isFlag()) {
            return option.type(boolean.class).build();
        }
        boolean repeated = setting.kind().repeated();
        return option.paramLabel(setting.kind().placeholder())
                .arity("1")
                .type(repeated ? List.class : setting.kind().namesFile() ? Path.class : String.class)
                .auxiliaryTypes(setting.kind().namesFile() ? Path.class : String.class)
                .build();
    }

    private static String description(Setting<?> setting) {
        String help = setting.help();
        if (help.endsWith(".")) {
            return help;
        }
        return help + " (default: " + setting.otherwise() + ").";
    }

    /**
     * Settings with those that were given.
     *
     * @throws dev.graft.SettingException if a text is no value, or out of bounds
     */
    static TransferSettings apply(TransferSettings settings, ParseResult parsed) {
        TransferSettings changed = settings;
        for (Setting<?> setting : TransferSettings.all()) {
            if (!setting.kind().isComposed() && parsed.hasMatchedOption(name(setting))) {
                changed = apply(changed, setting, parsed.matchedOption(name(setting)));
            }
        }
        return changed;
    }

    private static <T> TransferSettings apply(TransferSettings settings, Setting<T> setting, ArgSpec given) {
        if (setting instanceof FixedSetting<T> fixed && setting.kind().isFlag()) {
            return settings.with(setting, setting.parse(String.valueOf(Boolean.FALSE.equals(fixed.standard()))));
        }
        String text = given.originalStringValues().stream().collect(Collectors.joining("\n"));
        boolean open = setting instanceof OpenSetting<T> && !setting.otherwise().isEmpty() && text.equals(AUTO);
        return open ? settings : settings.with(setting, setting.parse(text));
    }
}
