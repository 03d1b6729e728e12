package dev.graft.train.listen;

import java.util.ArrayList;
import java.util.List;

/**
 * What the progress bar says at one moment, {@code start bar times - part - part}, laid out for a width. The bar gives way
 * first; then a running line leaves parts out and a finished one goes on below.
 *
 * @param start what stands before the bar: the count of steps
 * @param times what stands after it; empty where none is known
 */
record ProgressLine(String start, String times, List<String> training, List<String> validation) {
    private static final String SEPARATOR = " - ";
    private static final String CONTINUED = "   " + SEPARATOR;
    private static final int LONGEST_BAR = 20;
    private static final int SHORTEST_BAR = 5;

    /** What a bar is drawn with, without colours. */
    record Bar(char done, char open) {
        static final Bar LINES = new Bar('━', '─');
        static final Bar ASCII = new Bar('=', '.');

        String draw(int width, double share) {
            int filled = (int) (width * share);
            return Character.toString(done).repeat(filled)
                    + Character.toString(open).repeat(width - filled);
        }
    }

    /** All in one line. */
    String plain() {
        return lay(Integer.MAX_VALUE, false).get(0);
    }

    /** One line no longer than the width. */
    String running(int width, Bar bar, double share) {
        return withBar(lay(width, false).get(0), width, bar, share);
    }

    /** The same with all parts. */
    List<String> finished(int width, Bar bar, double share) {
        List<String> lines = lines(width);
        lines.set(0, withBar(lines.get(0), width, bar, share));
        return lines;
    }

    /** Lines no longer than the width, without a bar; where one is not enough, validation has its own. */
    List<String> lines(int width) {
        List<String> lines = lay(width, false);
        return lines.size() == 1 ? lines : lay(width, true);
    }

    private List<String> lay(int width, boolean apart) {
        List<String> lines = new ArrayList<>();
        lines.add(cut(times.isEmpty() ? start : start + " " + times, width));
        training.forEach(part -> append(lines, part, width));
        for (int i = 0; i < validation.size(); i++) {
            if (apart && i == 0) {
                lines.add(cut(CONTINUED + validation.get(0), width));
            } else {
                append(lines, validation.get(i), width);
            }
        }
        return lines;
    }

    private static void append(List<String> lines, String part, int width) {
        int last = lines.size() - 1;
        String longer = lines.get(last) + SEPARATOR + part;
        if (longer.length() <= width) {
            lines.set(last, longer);
        } else {
            lines.add(cut(CONTINUED + part, width));
        }
    }

    private static String cut(String line, int width) {
        return line.length() <= width ? line : line.substring(0, width);
    }

    private String withBar(String line, int width, Bar bar, double share) {
        int room = Math.min(LONGEST_BAR, width - line.length() - 1);
        return room < SHORTEST_BAR ? line : start + " " + bar.draw(room, share) + line.substring(start.length());
    }
}
