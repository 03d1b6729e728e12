package dev.graft.cli;

import dev.graft.DisplayWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rows of text in aligned columns: the first to the left, the others to the right unless told. What a terminal is too narrow
 * for is made to fit as {@link TableLayout} says.
 */
final class Table {
    private final List<String> heads;
    private final boolean[] left;
    private final List<List<String>> rows = new ArrayList<>();
    private List<Integer> optional = List.of();
    private Set<Integer> typed = Set.of();

    private Table(List<String> heads) {
        this.heads = heads;
        left = new boolean[heads.size()];
        left[0] = true;
        rows.add(heads);
    }

    static Table of(String... heads) {
        return new Table(List.of(heads));
    }

    /** Aligns a column, counted from 0, to the left. */
    Table left(int column) {
        left[column] = true;
        return this;
    }

    /** These columns have what people type or copy: names are not shortened, commands not broken. */
    Table typed(Integer... columns) {
        typed = Set.of(columns);
        return this;
    }

    /** Columns that are left out, these in this order, where a line would be longer than it may. */
    Table optional(Integer... columns) {
        optional = List.of(columns);
        return this;
    }

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    List<String> lines() {
        return lines(Integer.MAX_VALUE);
    }

    /** The lines, none longer than this but for words that are. */
    List<String> lines(int room) {
        TableLayout layout = layout(room);
        return rows.stream().flatMap(row -> layout.lines(row).stream()).toList();
    }

    private TableLayout layout(int room) {
        return TableLayout.of(rows, left, new TableLayout.Room(room, typed, optional));
    }

    /** Writes all rows, the heads dimmed. */
    void print(Terminal terminal, String indent) {
        TableLayout layout = layout(room(terminal, indent));
        layout.lines(heads).forEach(line -> terminal.whole(indent + terminal.dim(line)));
        rows.stream().skip(1).flatMap(row -> layout.lines(row).stream()).forEach(line -> terminal.whole(indent + line));
    }

    /** How many columns of a terminal its lines take as they are. */
    int width() {
        return lines().stream().mapToInt(DisplayWidth::of).max().orElse(0);
    }

    /** Whether each row is one line in so much room. */
    boolean isWhole(int room) {
        return layout(room).groups().size() == 1;
    }

    /** The heads of the columns that are not printed there. */
    List<String> leftOut(Terminal terminal, String indent) {
        return layout(room(terminal, indent)).leftOut().stream().map(heads::get).toList();
    }

    /** Lines are as long as they are where they do not go to a terminal: another program reads them. */
    static int room(Terminal terminal, String indent) {
        return terminal.interactive() ? terminal.columns() - indent.length() : Integer.MAX_VALUE;
    }
}
