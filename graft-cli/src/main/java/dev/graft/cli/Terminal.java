package dev.graft.cli;

import dev.graft.ConsoleStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.IntSupplier;
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
    /** Shorter text fits every terminal, so that its width need not be asked for. */
    private static final int LEAST_BROKEN = 40;

    private static final int ERROR_INDENT = 2;

    private final WatchedOutput watched;
    private final PrintStream out;
    private final PrintStream err;
    private final Charset charset;
    private volatile boolean interactive;
    private volatile boolean diverted;
    private IntSupplier width = () -> Integer.MAX_VALUE;
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
        Terminal terminal = new Terminal(
                // Not System.out, which keeps to itself why it could not write.
                new FileOutputStream(FileDescriptor.out),
                System.err,
                ConsoleStream.charset(System.out),
                ConsoleStream.charset(System.err),
                !dumb && System.console() != null);
        return terminal.wrappedAt(terminal.interactive ? TerminalWidth::get : () -> TerminalWidth.ELSEWHERE);
    }

    /** The same with lines that are broken at words where they are longer than this, asked for at the first such line. */
    Terminal wrappedAt(IntSupplier columns) {
        width = columns;
        return this;
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

    /** A sentence or several; where it is broken, what follows is indented as it is. */
    void line(String text) {
        wrapped(text, text.length() - text.stripLeading().length());
    }

    /** A title in its margin and text beside it. */
    void item(String title, int margin, String text) {
        wrapped(bold(title + " ".repeat(Math.max(0, margin - title.length()))) + text, margin);
    }

    /** How many fit into a line. */
    int columns() {
        return width.getAsInt();
    }

    private synchronized void wrapped(String text, int indent) {
        if (text.length() < LEAST_BROKEN) {
            whole(text);
        } else {
            new Paragraph(width.getAsInt(), indent).lines(text).forEach(this::whole);
        }
    }

    /** What is one line whatever its length: a row of a table, a result for another program, a command to copy. */
    synchronized void whole(String text) {
        clearStatus();
        (diverted ? err : out).println(text);
    }

    void line() {
        line("");
    }

    synchronized void error(String text) {
        clearStatus();
        out.flush();
        // One line for whoever reads errors from a log, broken at words for whoever sits before them.
        new Paragraph(interactive ? width.getAsInt() : Integer.MAX_VALUE, ERROR_INDENT)
                .lines(text)
                .forEach(err::println);
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
