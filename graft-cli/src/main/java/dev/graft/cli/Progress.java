package dev.graft.cli;

import java.util.function.DoubleFunction;
import java.util.function.LongFunction;

/**
 * How far a long step is, with its rate and the time left: a bar on a terminal, elsewhere a line now and then. Calls come
 * one at a time.
 */
final class Progress {
    private static final int BAR = 28;
    private static final double BAR_SECONDS = 0.1;
    private static final double LINE_SECONDS = 10;
    private static final double SETTLED_SECONDS = 0.5;

    private final Terminal terminal;
    private final String title;
    private final LongFunction<String> amount;
    private final DoubleFunction<String> rate;
    private final long first;
    private final long start = System.nanoTime();
    private double shown;

    Progress(Terminal terminal, String title) {
        this(terminal, title, 0, Text::count, Progress::rate);
    }

    private Progress(
            Terminal terminal, String title, long first, LongFunction<String> amount, DoubleFunction<String> rate) {
        this.terminal = terminal;
        this.title = title;
        this.first = first;
        this.amount = amount;
        this.rate = rate;
    }

    /** For bytes, of which some were there before. */
    static Progress ofBytes(Terminal terminal, String title, long first) {
        return new Progress(terminal, title, first, Text::bytes, rate -> Text.bytes(Math.round(rate)) + "/s");
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    void at(long done, long total) {
        at(done, total, "");
    }

    /** @param further what else is known, shown after the counts */
    void at(long done, long total, String further) {
        double now = seconds();
        boolean due = now - shown >= (terminal.interactive() ? BAR_SECONDS : LINE_SECONDS);
        if (!due || done >= total) {
            return;
        }
        shown = now;
        String text = bar(done, total) + counts(done, total, now) + further;
        if (terminal.interactive()) {
            terminal.status(title + " " + text);
        } else {
            terminal.line(title + " " + text);
        }
    }

    private String bar(long done, long total) {
        int filled = (int) (BAR * done / Math.max(1, total));
        return terminal.interactive() ? "[" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " : "";
    }

    private String counts(long done, long total, double seconds) {
        String counts = amount.apply(done) + "/" + amount.apply(total);
        if (done == first || seconds < SETTLED_SECONDS) {
            return counts;
        }
        double speed = (done - first) / seconds;
        return counts + "  " + rate.apply(speed) + "  " + Text.secondsLeft((total - done) / speed) + " left";
    }

    /** Things a second. */
    static String rate(double rate) {
        return Text.format(rate < 10 ? "%.1f/s" : "%.0f/s", rate);
    }
}
