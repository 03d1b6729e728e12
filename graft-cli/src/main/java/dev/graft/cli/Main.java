package dev.graft.cli;

import dev.graft.GraftHome;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the process starts. Exit codes: 0 done, 1 failed, 2 wrong usage, 128 + n ended by signal n. */
public final class Main {
    static final int FAILED = 1;
    static final int USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        try {
            Surroundings.mend();
            System.exit(run(Terminal.system(), args));
        } catch (Throwable failure) {
            // Not even the classes that tell of a failure could be loaded; joining texts would load some more.
            System.err.print("graft: cannot start: ");
            System.err.print(failure);
            System.err.println("; does the system allow it too few open files or too little memory? See 'ulimit -a'");
            System.exit(FAILED);
        }
    }

    /** Runs one command and gives its exit code. */
    static int run(Terminal terminal, String... args) {
        try {
            return commandLine(terminal, args).execute(args);
        } catch (Throwable failure) {
            return fail(failure, terminal, args);
        }
    }

    private static Map<String, Function<Terminal, Object>> commands() {
        Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
        commands.put("audit", AuditCommand::new);
        commands.put("advise", AdviseCommand::new);
        commands.put("train", TrainCommand::new);
        commands.put("find-rate", FindRateCommand::new);
        commands.put("evaluate", EvaluateCommand::new);
        commands.put("predict", PredictCommand::new);
        commands.put("summary", SummaryCommand::new);
        commands.put("export", ExportCommand::new);
        commands.put("models", ModelsCommand::new);
        commands.put("demo", DemoCommand::new);
        commands.put("warm-up", WarmUpCommand::new);
        return commands;
    }

    /** Only the command that is asked for is built, where it can be told: that halves the time picocli needs. */
    private static CommandLine commandLine(Terminal terminal, String[] args) {
        CommandLine line = withHelp(new GraftCommand());
        Map<String, Function<Terminal, Object>> commands = commands();
        boolean known = args.length > 0 && commands.containsKey(args[0]);
        commands.forEach((name, command) -> {
            if (!known || name.equals(args[0])) {
                line.addSubcommand(name, withHelp(command.apply(terminal)));
            }
        });
        CommandLine models = line.getSubcommands().get("models");
        if (models != null) {
            models.addSubcommand("pull", withHelp(new ModelsPullCommand(terminal)));
        }
        IParameterExceptionHandler usage = (failure, wrong) -> usage(failure, terminal);
        IExecutionExceptionHandler failed = (failure, command, parsed) -> fail(failure, terminal, args);
        return line.setOut(new PrintWriter(terminal.out(), true, Charset.defaultCharset()))
                .setErr(new PrintWriter(terminal.err(), true, Charset.defaultCharset()))
                .setColorScheme(Help.defaultColorScheme(terminal.interactive() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setUsageHelpAutoWidth(terminal.interactive())
                .setParameterExceptionHandler(usage)
                .setExecutionExceptionHandler(failed);
    }

    private static CommandLine withHelp(Object command) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
        return line;
    }

    private static int usage(ParameterException failure, Terminal terminal) {
        CommandLine command = failure.getCommandLine();
        terminal.error("graft: " + Text.printable(wrong(failure, command)));
        terminal.error("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return USAGE;
    }

    private static String wrong(ParameterException failure, CommandLine command) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(failure.getMessage());
        }
        // Of several the first: what follows an unknown option is mostly its value.
        String first = unmatched.getUnmatched().get(0);
        String what = first.startsWith("-")
                ? "unknown option"
                : command.getParent() == null ? "unknown command" : "unexpected argument";
        List<String> suggestions = unmatched.getSuggestions();
        String hint = suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
        return what + " '" + first + "'" + hint;
    }

    private static int fail(Throwable failure, Terminal terminal, String[] args) {
        StopSignal.Ended ended = failure instanceof StopSignal.Ended signalled ? signalled : null;
        Throwable told = ended == null ? failure : ended.failure();
        terminal.error("graft: " + Failures.message(told, String.join(" ", args), GraftHome.get()));
        return ended == null ? FAILED : ended.exitCode();
    }
}
