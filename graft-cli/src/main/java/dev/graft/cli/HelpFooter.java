package dev.graft.cli;

import dev.graft.DisplayWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The end of a command's help: sentences, and examples, which are a command to copy and what it does beside it. */
record HelpFooter() implements IHelpSectionRenderer {
    private static final Pattern EXAMPLE = Pattern.compile("(?<command> +\\S.*?) {2,}(?<does>\\S.*)");
    /** Less than that is no column for sentences. */
    private static final int LEAST = 20;

    private static final int INDENT = 6;

    @Override
    public String render(Help help) {
        UsageMessageSpec usage = help.commandSpec().usageMessage();
        return String.join(
                "",
                lines(List.of(usage.footer()), usage.width()).stream()
                        .map(line -> line + System.lineSeparator())
                        .toList());
    }

    /** Broken at words where they are too long; commands stay whole. */
    static List<String> lines(List<String> footer, int width) {
        List<String> lines = new ArrayList<>();
        for (String line : footer) {
            Matcher example = EXAMPLE.matcher(line);
            if (!line.startsWith(" ")) {
                lines.addAll(new Paragraph(width, 0).lines(line));
            } else if (!example.matches() || DisplayWidth.of(line) <= width) {
                lines.add(line);
            } else if (width - example.start("does") >= LEAST) {
                lines.addAll(new Paragraph(width, example.start("does")).lines(line));
            } else {
                lines.add(example.group("command"));
                lines.addAll(new Paragraph(width, INDENT).lines(" ".repeat(INDENT) + example.group("does")));
            }
        }
        return lines;
    }
}
