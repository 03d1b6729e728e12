package dev.graft;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** What is known about where a stream of this process ends. */
public final class ConsoleStream {
    private static final int USUAL_COLUMNS = 80;

    private ConsoleStream() {}

    /** Whether it is one of the process's own and these are a terminal on which a line can be rewritten. */
    @SuppressWarnings("SystemConsoleNull")
    public static boolean isTerminal(PrintStream out) {
        Console console = System.console();
        if (console == null || (out != System.out && out != System.err) || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        // From JDK 22 on there is a console without a terminal too, which this method tells.
        return !Boolean.FALSE.equals(call(console, Console.class, "isTerminal"));
    }

    /** Of the terminal, as the shell says it, where that is believable: from 20. */
    public static int columns(@Nullable String said) {
        return said != null && said.matches("[2-9]\\d|[1-9]\\d{2,4}") ? Integer.parseInt(said) : USUAL_COLUMNS;
    }

    /** The one that the stream writes in, as far as the JDK tells. */
    public static Charset charset(PrintStream out) {
        // There from JDK 18 on.
        if (call(out, PrintStream.class, "charset") instanceof Charset charset) {
            return charset;
        }
        String name = System.getProperty(out == System.err ? "sun.stderr.encoding" : "sun.stdout.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** Whether a character set has all characters of a text. */
    public static boolean canShow(String text, Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode(text);
    }

    /** What a method gives that newer JDKs have; null on others. */
    private static @Nullable Object call(Object on, Class<?> type, String method) {
        try {
            return type.getMethod(method).invoke(on);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }
}
