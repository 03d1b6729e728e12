package dev.graft.cli;

import dev.graft.ConsoleStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Where commands write. On a real terminal there are colours and one status line that is rewritten in place; elsewhere
 * there are plain lines only. Safe for several threads.
 */
final class Terminal {
    private static final String CLEAR_LINE = "\r\u001b[K";
    /** A status line that is wider than the terminal is cut off: a wrapped one could not be rewritten. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final int BUFFER = 1 << 13;
    private static final String WRAP = "\u001b[?7h";

    private final WatchedOutput watched;
    private final PrintStream out;
    private final PrintStream err;
    private final Charset charset;
    private volatile boolean interactive;
    private volatile boolean diverted;
    private boolean statusShown;

    /**
     * Writes to these streams.
     *
     * @param charset that of both
     */
    Terminal(OutputStream out, OutputStream err, Charset charset, boolean interactive) {
        this(out, err, charset, charset, interactive);
    }

    private Terminal(OutputStream out, OutputStream err, Charset charset, Charset errors, boolean interactive) {
        this.watched = new WatchedOutput(out);
        this.out = new PrintStream(new BufferedOutputStream(watched, BUFFER), true, charset);
        this.err = new PrintStream(err, true, errors);
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
                // Not System.out, which keeps to itself why it could not write.
                new FileOutputStream(FileDescriptor.out),
                System.err,
                ConsoleStream.charset(System.out),
                ConsoleStream.charset(System.err),
                !dumb && System.console() != null);
    }

    /** Leaves standard output to what else is written there; what is said to people goes to standard error. */
    void divert() {
        diverted = true;
        interactive = false;
    }

    /** Why something could not be written to standard output, the first time; null if all could. */
    @Nullable IOException failure() {
        out.flush();
        return watched.failure();
    }

    /**
     * Ends a run whose result nobody gets.
     *
     * @throws UnwritableOutput if something could not be written
     */
    void requireOutput() {
        IOException failure = failure();
        if (failure != null) {
            throw new UnwritableOutput(failure);
        }
    }

    /** The exit code of a command, or that of one whose output could not all be written, which is then said. */
    int exitCode(int code) {
        IOException failure = failure();
        if (failure == null) {
            return code;
        }
        if (UnwritableOutput.nobodyReads(failure)) {
            return code == 0 ? UnwritableOutput.PIPE_CLOSED : code;
        }
        error("graft: " + UnwritableOutput.message(failure));
        return code == 0 ? Main.FAILED : code;
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
        (diverted ? err : out).println(text);
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
