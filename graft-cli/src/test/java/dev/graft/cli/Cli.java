package dev.graft.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Runs a command in this process and keeps what it says. */
record Cli(int code, String out, String err) {
    static Cli run(Object... arguments) {
        return run(StandardCharsets.UTF_8, false, arguments);
    }

    /** As on a real terminal, with colours and a status line. */
    static Cli onTerminal(Object... arguments) {
        return run(StandardCharsets.UTF_8, true, arguments);
    }

    /** Where output is written in another character set. */
    static Cli in(Charset charset, Object... arguments) {
        return run(charset, false, arguments);
    }

    private static Cli run(Charset charset, boolean interactive, Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, charset), new PrintStream(err, true, charset), charset, interactive);
        int code = Main.run(terminal, words);
        return new Cli(code, out.toString(charset), err.toString(charset));
    }
}
