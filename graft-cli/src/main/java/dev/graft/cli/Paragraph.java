package dev.graft.cli;

import dev.graft.DisplayWidth;
import java.util.ArrayList;
import java.util.List;

/**
 * Text that is broken at spaces, never within a word, so that it fits the width of a terminal.
 *
 * @param width in columns
 * @param indent of the second line and those that follow
 */
record Paragraph(int width, int indent) {
    /** Narrower than this and every second word would get a line. */
    private static final int LEAST_TEXT = 20;

    /** The lines. Spaces at the start of the text and several in a row stay as they are. */
    List<String> lines(String text) {
        if (DisplayWidth.of(text) <= width || width - indent < LEAST_TEXT) {
            return List.of(text);
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int used = 0;
        boolean empty = true;
        for (String word : text.split("(?<=\\S)(?= )", -1)) {
            int columns = DisplayWidth.of(word);
            if (!empty && used + columns > width) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(indent));
                word = word.stripLeading();
                used = indent;
                columns = DisplayWidth.of(word);
            }
            line.append(word);
            used += columns;
            empty = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
