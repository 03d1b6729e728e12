package dev.graft.cli;

import dev.graft.DisplayWidth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which column of a table goes where. Where a line would be too long, columns are left out that may be; then names in the
 * first column lose their middle and gaps become narrow, so that columns stay below each other; at last each row takes
 * several lines, each with some of the columns.
 *
 * @param left which columns are aligned to the left
 * @param widths of the columns
 * @param gap between two columns
 * @param groups the columns of each line of a row
 * @param leftOut columns that are in none
 */
record TableLayout(
        Room room, boolean[] left, int[] widths, int gap, List<List<Integer>> groups, List<Integer> leftOut) {
    private static final int GAP = 2;
    private static final int INDENT = 2;
    /** What is left of a name at least, if that suffices: those that people know are mostly shorter. */
    private static final int NAME = 24;
    /** What is left of one at the worst. */
    private static final int LEAST = 10;

    /**
     * What there is room for.
     *
     * @param columns of the terminal
     * @param typed columns whose cells stay whole
     * @param optional columns that may be left out, in this order
     */
    record Room(int columns, Set<Integer> typed, List<Integer> optional) {}

    static TableLayout of(List<List<String>> rows, boolean[] left, Room room) {
        int[] widths = new int[left.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, widths.length).boxed().toList());
        List<Integer> leftOut = new ArrayList<>();
        for (Integer column : room.optional) {
            if (missing(shown, widths, GAP, room) > 0) {
                shown.remove(column);
                leftOut.add(column);
            }
        }
        Collections.sort(leftOut);
        int[][] trials = {{GAP, NAME}, {1, NAME}, {1, LEAST}};
        for (int[] trial : trials) {
            int least = room.typed.contains(0) ? widths[0] : Math.min(widths[0], trial[1]);
            int missing = Math.max(0, missing(shown, widths, trial[0], room));
            if (widths[0] - missing >= least) {
                widths[0] -= missing;
                return new TableLayout(room, left, widths, trial[0], List.of(shown), leftOut);
            }
        }
        return new TableLayout(room, left, widths, GAP, folded(shown, widths, room), leftOut);
    }

    /** The name alone and all else in a second line where that fits; else as much as fits in each. */
    private static List<List<Integer>> folded(List<Integer> shown, int[] widths, Room room) {
        widths[0] = room.typed.contains(0) ? widths[0] : Math.min(widths[0], room.columns);
        List<Integer> others = shown.subList(1, shown.size());
        if (missing(others, widths, GAP, room) + INDENT <= 0) {
            return List.of(shown.subList(0, 1), others);
        }
        List<List<Integer>> groups = new ArrayList<>();
        List<Integer> group = new ArrayList<>();
        for (Integer column : shown) {
            group.add(column);
            int indent = groups.isEmpty() ? 0 : INDENT;
            if (group.size() > 1 && missing(group, widths, GAP, room) + indent > 0) {
                group.remove(column);
                groups.add(group);
                group = new ArrayList<>(List.of(column));
            }
        }
        groups.add(group);
        return groups;
    }

    private static int missing(List<Integer> columns, int[] widths, int gap, Room room) {
        int width = gap * (columns.size() - 1);
        for (int column : columns) {
            width += widths[column];
        }
        return width - room.columns;
    }

    /** The lines of a row; those that would be empty after the first are left out. */
    List<String> lines(List<String> row) {
        List<String> lines = new ArrayList<>();
        String first = line(row, groups.get(0));
        // A name alone that is longer than all of a terminal has at least its kind in a line of its own.
        lines.addAll(groups.size() == 1 ? List.of(first) : new Paragraph(room.columns, INDENT).lines(first));
        for (List<Integer> group : groups.subList(1, groups.size())) {
            String line = " ".repeat(INDENT) + (group.size() == 1 ? row.get(group.get(0)) : line(row, group));
            boolean broken = group.size() == 1 && !room.typed.contains(group.get(0));
            if (!line.isBlank()) {
                lines.addAll(broken ? new Paragraph(room.columns, INDENT).lines(line) : List.of(line));
            }
        }
        return lines;
    }

    private String line(List<String> row, List<Integer> group) {
        StringBuilder line = new StringBuilder();
        for (int column : group) {
            String cell = column == 0 ? Text.shortened(row.get(0), widths[0]) : row.get(column);
            String padding = " ".repeat(widths[column] - DisplayWidth.of(cell));
            line.append(column == group.get(0) ? "" : " ".repeat(gap));
            line.append(left[column] ? cell + padding : padding + cell);
        }
        return line.toString().stripTrailing();
    }
}
