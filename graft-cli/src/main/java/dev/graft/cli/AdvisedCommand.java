package dev.graft.cli;

import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.estimate.FolderAdvice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command that trains as it was advised, to be copied into a shell. */
final class AdvisedCommand {
    private static final Set<String> OWN = Set.of("--json");
    private static final Pattern PLAIN = Pattern.compile("[\\w./=,:@%+-]+", Pattern.UNICODE_CHARACTER_CLASS);

    private AdvisedCommand() {}

    /** What was asked for, unless it is without effect, and with it what was left open. */
    static String of(ParseResult asked, FolderAdvice advice) {
        List<String> words = new ArrayList<>(List.of(ProgramName.get(), "train"));
        words.add(quoted(Text.path(advice.settings().folder())));
        List<String> details = SettingOptions.names(TuningSettings.details());
        for (OptionSpec option : asked.matchedOptions()) {
            boolean idle = advice.plan().tuning().isEmpty() && details.contains(option.longestName());
            if (idle || OWN.contains(option.longestName())) {
                continue;
            }
            if (option.arity().max() == 0) {
                words.add(option.longestName());
                continue;
            }
            for (String value : option.originalStringValues()) {
                words.add(option.longestName());
                words.add(quoted(Text.printable(value)));
            }
        }
        if (!asked.hasMatchedOption("--recipe")) {
            words.addAll(List.of("--recipe", Constants.name(advice.recipe())));
        }
        if (!asked.hasMatchedOption("--unfreeze")) {
            advice.unfreeze().ifPresent(from -> words.addAll(List.of("--unfreeze", quoted(from.toString()))));
        }
        if (advice.isUnbalanced() && !asked.hasMatchedOption("--balance")) {
            words.addAll(List.of("--balance", "weights"));
        }
        return String.join(" ", words);
    }

    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
