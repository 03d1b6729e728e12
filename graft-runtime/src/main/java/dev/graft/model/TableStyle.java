package dev.graft.model;

import dev.graft.DisplayWidth;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a summary's table is drawn: the lines of its frame, each as left end, line, crossing and right end, and what stands
 * between cells.
 */
enum TableStyle {
    BOXED("┏━┳┓", "┃", "┡━╇┩", "│", "├─┼┤", "└─┴┘", "└ "),
    ASCII("+-++", "|", "+=++", "|", "+-++", "+-++", "  ");

    private static final int NUMBERS = 2;
    private static final int CENTRED = 3;

    private final String top;
    private final String headSeparator;
    private final String underHead;
    private final String separator;
    private final String between;
    private final String bottom;
    private final String branch;

    TableStyle(
            String top,
            String headSeparator,
            String underHead,
            String separator,
            String between,
            String bottom,
            String branch) {
        this.top = top;
        this.headSeparator = headSeparator;
        this.underHead = underHead;
        this.separator = separator;
        this.between = between;
        this.bottom = bottom;
        this.branch = branch;
    }

    /** What stands before the name of a layer in a nested model. */
    String indent(int depth) {
        return depth == 0 ? "" : "  ".repeat(depth - 1) + branch;
    }

    /** The first row is the heading; all rows have as many cells. */
    String table(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> DisplayWidth.of(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder(rule(top, widths));
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            String edge = i == 0 ? headSeparator : separator;
            text.append(cells(widths, column -> cell(row.get(column), widths[column], column), edge, edge, edge));
            text.append(rule(i == 0 ? underHead : i == rows.size() - 1 ? bottom : between, widths));
        }
        return text.toString();
    }

    private static String rule(String frame, int[] widths) {
        String line = frame.substring(1, 2);
        return cells(
                widths,
                column -> line.repeat(widths[column] + 2),
                frame.substring(0, 1),
                frame.substring(2, 3),
                frame.substring(3));
    }

    private static String cells(int[] widths, IntFunction<String> cell, String left, String middle, String right) {
        return IntStream.range(0, widths.length).mapToObj(cell).collect(Collectors.joining(middle, left, right + "\n"));
    }

    private static String cell(String content, int width, int column) {
        int missing = width - DisplayWidth.of(content);
        int before = column == NUMBERS ? missing : column == CENTRED ? missing / 2 : 0;
        return " ".repeat(before + 1) + content + " ".repeat(missing - before + 1);
    }
}
