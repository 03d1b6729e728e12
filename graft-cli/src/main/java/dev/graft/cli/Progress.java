package dev.graft.cli;

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
    private final long start = System.nanoTime();
    private double shown;

    Progress(Terminal terminal, String title) {
        this.terminal = terminal;
        this.title = title;
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    void at(int done, int total) {
        at(done, total, "");
    }

    /** @param further what else is known, shown behind the counts */
    void at(int done, int total, String further) {
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

    private String bar(int done, int total) {
        int filled = (int) ((long) BAR * done / Math.max(1, total));
        return terminal.interactive() ? "[" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " : "";
    }

    private static String counts(int done, int total, double seconds) {
        String counts = Text.count(done) + "/" + Text.count(total);
        if (done == 0 || seconds < SETTLED_SECONDS) {
            return counts;
        }
        double rate = done / seconds;
        return counts + "  " + rate(rate) + "  " + Text.secondsLeft((total - done) / rate) + " left";
    }

    /** Things a second. */
    static String rate(double rate) {
        return Text.format(rate < 10 ? "%.1f/s" : "%.0f/s", rate);
    }
}
