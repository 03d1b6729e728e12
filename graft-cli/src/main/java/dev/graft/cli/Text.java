package dev.graft.cli;

import dev.graft.DisplayWidth;
import dev.graft.FileName;
import java.nio.file.Path;
import java.util.Locale;

/** Numbers, times and names as they are shown: the same in every locale. */
final class Text {
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;

    private Text() {}

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String count(long number) {
        return format("%,d", number);
    }

    /** {@code 1 picture}, {@code 1,024 pictures}. */
    static String count(long number, String one, String several) {
        return count(number) + " " + (number == 1 ? one : several);
    }

    /** A share as a percentage, precise enough to tell small ones apart. */
    static String percent(double share) {
        double percent = 100 * share;
        return format(percent > 0 && percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    /** {@code 0.03 s}, {@code 1.2 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 4 min}. */
    static String seconds(double seconds) {
        if (seconds < 9.95) {
            return format(seconds < 0.995 ? "%.2f s" : "%.1f s", seconds);
        }
        return wholeSeconds(Math.round(seconds));
    }

    /** The same for an estimate: rounded up to whole seconds. */
    static String secondsLeft(double seconds) {
        return wholeSeconds((long) Math.ceil(seconds));
    }

    private static String wholeSeconds(long whole) {
        if (whole < MINUTE) {
            return whole + " s";
        }
        return whole < HOUR
                ? whole / MINUTE + " min " + whole % MINUTE + " s"
                : whole / HOUR + " h " + whole % HOUR / MINUTE + " min";
    }

    static String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return format("%.0f kB", bytes / 1e3);
        }
        return bytes < 1_000_000_000 ? format("%.1f MB", bytes / 1e6) : format("%.1f GB", bytes / 1e9);
    }

    /** A text that takes no more columns: what is too much is left out of its middle. */
    static String shortened(String text, int columns) {
        int[] points = text.codePoints().toArray();
        String shown = text;
        for (int kept = points.length - 1; kept > 0 && DisplayWidth.of(shown) > columns; kept--) {
            int start = (kept + 1) / 2;
            shown = new String(points, 0, start) + "…" + new String(points, points.length - kept / 2, kept / 2);
        }
        return shown;
    }

    static String path(Path path) {
        return printable(FileName.shown(path));
    }

    /**
     * One line that can neither move the cursor nor change the order of what is beside it: file names may hold anything.
     * What is left out is shown as its number, {@code \\u202E}.
     */
    static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isShown(point)) {
                line.appendCodePoint(point);
            } else {
                line.append(format("\\u%04X", point));
            }
        });
        return line.toString();
    }

    /** No control character, line separator, half of a pair, or mark that turns the direction of writing. */
    private static boolean isShown(int point) {
        int type = Character.getType(point);
        boolean turns = point >= 0x202A && point <= 0x202E || point >= 0x2066 && point <= 0x2069;
        return !turns
                && type != Character.CONTROL
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE;
    }
}
