package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.Nearest;
import dev.graft.SettingException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the process starts. Exit codes: 0 done, 1 failed, 2 wrong usage, 128 + n ended by signal n. */
public final class Main {
    static final int FAILED = 1;
    static final int USAGE = 2;

    private static final Pattern FILE =
            Pattern.compile("(?i)-.*[.](jpe?g|jfif|png|gif|bmp|webp|tiff?|graft|onnx|safetensors|pth?|json)");

    private Main() {}

    public static void main(String[] args) {
        try {
            Surroundings.fix();
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
        int code;
        try {
            code = commandLine(terminal, args).execute(args);
        } catch (Throwable failure) {
            code = fail(failure, terminal, args);
        }
        return terminal.exitCode(code);
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
    static CommandLine commandLine(Terminal terminal, String... args) {
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
        IParameterExceptionHandler usage = (failure, wrong) -> usage(failure, terminal, args);
        IExecutionExceptionHandler failed = (failure, command, parsed) -> failure instanceof SettingException setting
                ? usage(new ParameterException(command, Failures.ours(setting)), terminal, args)
                : fail(failure, terminal, args);
        Converters.register(line);
        return line.setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setExecutionStrategy(parsed -> execute(parsed, terminal))
                .setOut(new PrintWriter(terminal.out(), true, Charset.defaultCharset()))
                .setErr(new PrintWriter(terminal.err(), true, Charset.defaultCharset()))
                .setColorScheme(Help.defaultColorScheme(terminal.interactive() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setUsageHelpAutoWidth(terminal.interactive())
                .setParameterExceptionHandler(usage)
                .setExecutionExceptionHandler(failed);
    }

    private static int execute(ParseResult parsed, Terminal terminal) {
        ParseResult deepest = parsed;
        while (deepest.hasSubcommand()) {
            deepest = deepest.subcommand();
        }
        if (!deepest.isUsageHelpRequested() && !deepest.isVersionHelpRequested()) {
            prepare(Outputs.of(deepest.commandSpec()), deepest, terminal);
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static void prepare(Outputs outputs, ParseResult parsed, Terminal terminal) {
        try {
            outputs.check();
            if (outputs.takeStandardOutput()) {
                terminal.divert();
            }
        } catch (GraftException e) {
            // As what a command throws itself; anything else picocli would print with its stack.
            throw new ExecutionException(parsed.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static CommandLine withHelp(Object command) {
        CommandLine line = new CommandLine(command);
        if (command instanceof SettingOptions.Taker) {
            SettingOptions.addTo(line.getCommandSpec());
        }
        line.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, new HelpFooter());
        return line;
    }

    private static int usage(ParameterException failure, Terminal terminal, String[] args) {
        CommandLine command = failure.getCommandLine();
        terminal.error("graft: " + Text.printable(wrong(failure, command, args)));
        terminal.error("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return USAGE;
    }

    private static String wrong(ParameterException failure, CommandLine command, String[] args) {
        if (failure instanceof MissingParameterException missing
                && missing.getMissing().stream().anyMatch(ArgSpec::isPositional)) {
            return fileTakenForOption(args)
                    .or(() -> unknown(command, args))
                    .orElse(String.valueOf(failure.getMessage()));
        }
        return failure instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched, command)
                // picocli doubles the word before an option that is a map.
                : String.valueOf(failure.getMessage()).replace("option option", "option");
    }

    /** The word that is no option of a command, where something else is missing too, which is what picocli says first. */
    private static Optional<String> unknown(CommandLine command, String[] args) {
        CommandLine first = command;
        first.getCommandSpec().parser().collectErrors(true);
        while (first.getParent() != null) {
            first = first.getParent();
        }
        first.parseArgs(args);
        List<String> words = command.getUnmatchedArguments();
        return words.isEmpty()
                ? Optional.empty()
                : Optional.of(unmatched(new UnmatchedArgumentException(command, words), command));
    }

    private static String unmatched(UnmatchedArgumentException unmatched, CommandLine command) {
        // Of several the first: what follows an unknown option is mostly its value.
        String first = unmatched.getUnmatched().get(0);
        Optional<String> file = fileTakenForOption(first);
        if (file.isPresent()) {
            return file.get();
        }
        String what = first.startsWith("-")
                ? "unknown option"
                : command.getParent() == null ? "unknown command" : "unexpected argument";
        return what + " '" + first + "'" + hint(first, unmatched, command);
    }

    private static String hint(String word, UnmatchedArgumentException unmatched, CommandLine command) {
        Set<String> known = word.startsWith("-")
                ? command.getCommandSpec().optionsMap().keySet()
                : command.getSubcommands().keySet();
        List<String> near =
                Nearest.of(word.replaceFirst("=.*", ""), known).map(List::of).orElseGet(unmatched::getSuggestions);
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    private static Optional<String> fileTakenForOption(String... words) {
        return Arrays.stream(words)
                .takeWhile(word -> !word.equals("--"))
                .filter(word -> word.startsWith("-") && isFile(word))
                .findFirst()
                .map(word -> "unknown option '" + word + "'; if the file is meant, write ./" + word
                        + " or put -- before it");
    }

    /** Whether a word is meant as a file: there is one of that name, or it ends as pictures and models do. */
    private static boolean isFile(String word) {
        try {
            return FILE.matcher(word).matches() || Files.exists(Path.of(word));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static int fail(Throwable failure, Terminal terminal, String[] args) {
        if (failure instanceof UnwritableOutput) {
            // Said at the end, as where nothing stops for it.
            return 0;
        }
        StopSignal.Ended ended = failure instanceof StopSignal.Ended signalled ? signalled : null;
        Throwable told = ended == null ? failure : ended.failure();
        terminal.error("graft: " + Failures.message(told, String.join(" ", args), GraftHome.get()));
        return ended == null ? FAILED : ended.exitCode();
    }
}
