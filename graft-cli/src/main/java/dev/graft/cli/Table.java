package dev.graft.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns: the first to the left, the others to the right unless told. */
final class Table {
    private static final String GAP = "  ";

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
        int[] widths = new int[left.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - DisplayWidth.of(row.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(left[i] ? row.get(i) + padding : padding + row.get(i));
        }
        return line.toString().stripTrailing();
    }

    /** Writes all rows, the heads dimmed. */
    void print(Terminal terminal, String indent) {
        List<String> lines = lines();
        terminal.whole(indent + terminal.dim(lines.get(0)));
        lines.subList(1, lines.size()).forEach(line -> terminal.whole(indent + line));
    }
}
