package dev.graft.cli;

import dev.graft.Destination;
import dev.graft.GraftException;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * What a command is about to write, looked at before it begins: each output has a place of its own, which no input has,
 * and replaces nothing but what is of its kind.
 */
final class Outputs {
    private static final String PNG = ".png";
    /** A picture in a class's folder, in contrast to one beside the classes. */
    private static final int DEPTH_OF_PICTURES = 2;

    private record Input(Path path, String name) {}

    private final CommandLine command;
    private final List<OutputFile> files = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();

    private Outputs(CommandLine command) {
        this.command = command;
    }

    /** Those of a command whose arguments have been read. */
    static Outputs of(CommandSpec spec) {
        Outputs outputs = new Outputs(spec.commandLine());
        for (ArgSpec argument : spec.args()) {
            Optional<OutputKind> kind = kind(argument);
            String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
            paths(argument.getValue()).forEach(path -> {
                kind.ifPresentOrElse(
                        written -> outputs.files.add(new OutputFile(path, name, written)),
                        () -> outputs.inputs.add(new Input(path, name)));
            });
        }
        if (spec.userObject() instanceof UnnamedOutput writing) {
            writing.unnamed().ifPresent(outputs.files::add);
        }
        return outputs;
    }

    /** What an argument says is written to the file that it names; empty for one that names none, or one that is read. */
    static Optional<OutputKind> kind(ArgSpec argument) {
        return argument.userObject() instanceof AnnotatedElement member
                ? Optional.ofNullable(member.getAnnotation(Output.class)).map(Output::value)
                : Optional.empty();
    }

    private static Stream<Path> paths(@Nullable Object value) {
        Stream<?> values = value instanceof Collection<?> several ? several.stream() : Stream.ofNullable(value);
        return values.filter(Path.class::isInstance).map(Path.class::cast);
    }

    /** Whether one of them goes to standard output, where it is alone then. */
    boolean takeStandardOutput() {
        return files.stream().anyMatch(file -> file.kind().streams() && file.isStandardOutput());
    }

    /**
     * Checks all of them.
     *
     * @throws ParameterException if names are wrong, whatever is there
     * @throws GraftException if one cannot be written, or something would be lost; says what to do
     */
    void check() {
        files.forEach(this::checkEnding);
        for (int i = 0; i < files.size(); i++) {
            for (OutputFile other : files.subList(0, i)) {
                checkApart(files.get(i), other);
            }
        }
        files.forEach(this::checkUnread);
        files.forEach(OutputFile::check);
        files.forEach(this::checkOutsidePictures);
    }

    private void checkEnding(OutputFile file) {
        if (file.kind().isPicture()
                && !file.isStream()
                && !file.path().toString().toLowerCase(Locale.ROOT).endsWith(PNG)) {
            throw wrong(file.path() + ": " + file.option() + " draws a PNG; let the name end in " + PNG);
        }
    }

    private void checkApart(OutputFile one, OutputFile other) {
        String both = Stream.of(one.name(), other.name()).sorted().collect(Collectors.joining(" and "));
        if (one.isStream() || other.isStream()) {
            if (one.isStandardOutput() && other.isStandardOutput()) {
                throw wrong(both + " cannot both go to standard output");
            }
        } else if (isSame(one.path(), other.path())) {
            throw wrong(one.path() + ": " + both + " name one file; give them names of their own");
        }
    }

    private void checkUnread(OutputFile file) {
        if (!file.isTaken() || Files.isDirectory(file.path())) {
            return;
        }
        for (Input input : inputs) {
            if (!isContinued(input, file) && isSame(file.path(), input.path())) {
                throw wrong(file.path() + ": is what " + input.name() + " names, which is read; give another name with "
                        + file.option());
            }
        }
    }

    /** A model may take the place of the one that it goes on from, which is read by then. */
    private static boolean isContinued(Input input, OutputFile file) {
        return file.kind() == OutputKind.MODEL && input.name().equals("--continue");
    }

    /** A PNG among pictures that are read was not drawn by a command. */
    private void checkOutsidePictures(OutputFile file) {
        if (!file.kind().isPicture() || !file.isTaken()) {
            return;
        }
        for (Input input : inputs) {
            if (isPictureOf(input.path(), file.path())) {
                throw new GraftException(file.path() + ": exists and is one of the pictures in " + input.path()
                        + "; choose another name with " + file.option());
            }
        }
    }

    private static boolean isPictureOf(Path folder, Path file) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try {
            Path root = folder.toRealPath();
            Path real = file.toRealPath();
            return real.startsWith(root) && root.relativize(real).getNameCount() >= DEPTH_OF_PICTURES;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            boolean there = Files.exists(one);
            if (there != Files.exists(other)) {
                return false;
            }
            return there ? Files.isSameFile(one, other) : place(one).equals(place(other));
        } catch (IOException e) {
            // Whoever opens it tells of what is wrong with it.
            return false;
        }
    }

    /** Where a file will be, by its one path without links. */
    private static Path place(Path path) throws IOException {
        Path place = Destination.of(path).path();
        Path folder = place.getParent();
        return folder == null ? place : folder.toRealPath().resolve(place.getFileName());
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command, message);
    }
}
