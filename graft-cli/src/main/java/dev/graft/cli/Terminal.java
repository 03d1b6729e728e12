package dev.graft.cli;

import dev.graft.ConsoleStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Where commands write. On a real terminal there are colours and one status line that is rewritten in place; elsewhere
 * there are plain lines only. Safe for several threads.
 */
final class Terminal {
    private static final String CLEAR_LINE = "\r\u001b[K";
    /** A status line that is wider than the terminal is cut off: a wrapped one could not be rewritten. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final PrintStream err;
    private final Charset charset;
    private final boolean interactive;
    private boolean statusShown;

    /**
     * Writes to these streams.
     *
     * @param charset that of {@code out}, which before JDK 18 a stream does not tell
     */
    Terminal(PrintStream out, PrintStream err, Charset charset, boolean interactive) {
        this.out = out;
        this.err = err;
        this.charset = charset;
        this.interactive = interactive;
    }

    /** The process's own streams. */
    @SuppressWarnings("SystemConsoleNull")
    static Terminal system() {
        // From JDK 22 on System.console() is there without a terminal too, unless this asks for the old one.
        System.setProperty("jdk.console", "java.base");
        boolean dumb = "dumb".equals(System.getenv("TERM")) || System.getenv("NO_COLOR") != null;
        return new Terminal(
                System.out, System.err, ConsoleStream.charset(System.out), !dumb && System.console() != null);
    }

    /** Whether there are colours and a status line. */
    boolean interactive() {
        return interactive;
    }

    /** Whether its character set has all characters of a text. */
    boolean canShow(String text) {
        return ConsoleStream.canShow(text, charset);
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    synchronized void line(String text) {
        clearStatus();
        out.println(text);
    }

    void line() {
        line("");
    }

    synchronized void error(String text) {
        clearStatus();
        out.flush();
        err.println(text);
    }

    /** Shows one line until the next is written; nothing where that cannot be. */
    synchronized void status(String text) {
        if (interactive) {
            out.print(CLEAR_LINE + NO_WRAP + text + WRAP);
            out.flush();
            statusShown = true;
        }
    }

    synchronized void clearStatus() {
        if (statusShown) {
            out.print(CLEAR_LINE);
            out.flush();
            statusShown = false;
        }
    }

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    private String styled(String code, String text) {
        return interactive ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
