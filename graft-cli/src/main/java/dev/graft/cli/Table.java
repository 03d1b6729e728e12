package dev.graft.cli;

import dev.graft.DisplayWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of text in aligned columns: the first to the left, the others to the right unless told. */
final class Table {
    private static final String GAP = "  ";
    /** What is left of a name at least: those that people type are shorter. */
    private static final int LEAST = 24;

    private final boolean[] left;
    private final List<List<String>> rows = new ArrayList<>();

    private Table(boolean[] left) {
        this.left = left;
    }

    static Table of(String... heads) {
        boolean[] left = new boolean[heads.length];
        left[0] = true;
        Table table = new Table(left);
        return table.row(heads);
    }

    /** Aligns a column, counted from 0, to the left. */
    Table left(int column) {
        left[column] = true;
        return this;
    }

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    List<String> lines() {
        return lines(Integer.MAX_VALUE);
    }

    /** Where a line would be longer, names lose their middle, so that columns stay below each other. */
    List<String> lines(int room) {
        int[] widths = new int[left.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        shrink(widths, room);
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    /** The first column alone, which has names: commands to copy and licences are in others. */
    private static void shrink(int[] widths, int room) {
        int missing = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - room;
        widths[0] -= Math.max(0, Math.min(missing, widths[0] - LEAST));
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = i == 0 ? Text.shortened(row.get(i), widths[i]) : row.get(i);
            String padding = " ".repeat(widths[i] - DisplayWidth.of(cell));
            line.append(i == 0 ? "" : GAP);
            line.append(left[i] ? cell + padding : padding + cell);
        }
        return line.toString().stripTrailing();
    }

    /** Writes all rows, the heads dimmed. */
    void print(Terminal terminal, String indent) {
        List<String> lines = lines(terminal.interactive() ? terminal.columns() - indent.length() : Integer.MAX_VALUE);
        terminal.whole(indent + terminal.dim(lines.get(0)));
        lines.subList(1, lines.size()).forEach(line -> terminal.whole(indent + line));
    }
}
