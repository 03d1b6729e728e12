package dev.graft.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** How many columns the terminal has. */
final class TerminalWidth {
    /** Where there is no terminal, and where it cannot be told. */
    static final int ELSEWHERE = 100;

    private static final int LEAST = 40;

    private TerminalWidth() {}

    private static final class Holder {
        static final int WIDTH = find();
    }

    /** Asked of the system once, which takes some milliseconds. */
    static int get() {
        return Holder.WIDTH;
    }

    private static int find() {
        int told = columns(System.getenv("COLUMNS"));
        // picocli knows how each system is asked.
        return told > 0
                ? told
                : Math.max(
                        LEAST,
                        CommandSpec.create().usageMessage().autoWidth(true).width());
    }

    /** From the variable {@code COLUMNS}; 0 where that says nothing useful. */
    static int columns(@Nullable String variable) {
        try {
            int columns = variable == null ? 0 : Integer.parseInt(variable.strip());
            return columns < LEAST ? 0 : columns;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
