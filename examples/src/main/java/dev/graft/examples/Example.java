package dev.graft.examples;

import dev.graft.GraftException;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What all examples do around their few lines: read the arguments, and end with one line where something fails. */
@FunctionalInterface
interface Example {
    void run(ExampleOptions options, PrintStream out) throws IOException;

    /** Ends the process with 1 where the example fails, with 2 where the arguments are wrong. */
    static void start(Class<?> name, String[] arguments, Example example) {
        int exitCode = execute(name, arguments, example);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static int execute(Class<?> name, String[] arguments, Example example) {
        ExampleOptions options = new ExampleOptions();
        return new CommandLine(options)
                .setCommandName("examples/run " + name.getSimpleName())
                .setExecutionStrategy(parsed -> run(name, parsed, options, example))
                .execute(arguments);
    }

    private static int run(Class<?> name, ParseResult parsed, ExampleOptions options, Example example) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        try {
            example.run(options, System.out);
            return 0;
        } catch (IOException | GraftException e) {
            System.err.println(name.getSimpleName() + ": " + e.getMessage());
            return 1;
        }
    }
}
