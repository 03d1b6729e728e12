package dev.graft.cli;

import dev.graft.ConsoleStream;
import dev.graft.GraftException;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How words of the command line become numbers, paths and backbones; what is wrong with one is said with its option's name. */
final class Converters {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    private static final double MOST = 1e18;

    private Converters() {}

    /** Not a lambda of picocli's interface, which is of a class format so old that JDK 17 crashes when it archives classes. */
    private record Converter<T>(Function<String, T> conversion) implements ITypeConverter<T> {
        @Override
        public T convert(String word) {
            return conversion.apply(word);
        }
    }

    /** Lets a command and those below it take them. */
    static void register(CommandLine line) {
        line.registerConverter(int.class, new Converter<>(Converters::integer));
        line.registerConverter(Integer.class, new Converter<>(Converters::integer));
        line.registerConverter(long.class, new Converter<>(Converters::whole));
        line.registerConverter(Long.class, new Converter<>(Converters::whole));
        line.registerConverter(double.class, new Converter<>(Converters::number));
        line.registerConverter(Double.class, new Converter<>(Converters::number));
        line.registerConverter(Path.class, new Converter<>(Converters::path));
        line.registerConverter(Pretrained.class, new Converter<>(Converters::backbone));
    }

    private static int integer(String word) {
        long number = whole(word);
        if (number != (int) number) {
            throw range(word, Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /** ASCII digits only, where Java takes those of every script. */
    private static long whole(String word) {
        if (!WHOLE.matcher(word).matches()) {
            throw new TypeConversionException("'" + word + "' is no whole number, such as 12");
        }
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw range(word, Long.MAX_VALUE);
        }
    }

    private static TypeConversionException range(String word, long most) {
        return new TypeConversionException("'" + word + "' is out of range; at most " + most + " either way");
    }

    /** Computing is done in float32: what that cannot hold when it is squared is no number here. */
    private static double number(String word) {
        if (!NUMBER.matcher(word).matches()) {
            throw new TypeConversionException("'" + word + "' is no number, such as 0.5 or 1e-4");
        }
        double number = Double.parseDouble(word);
        if (Math.abs(number) > MOST) {
            throw new TypeConversionException("'" + word + "' is out of range; at most 1e18 either way");
        }
        return number;
    }

    private static Pretrained backbone(String word) {
        try {
            return Zoo.pretrained(word);
        } catch (GraftException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static Path path(String word) {
        if (word.isEmpty()) {
            throw new TypeConversionException("'' is empty; give the name of a file or folder");
        }
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            // That of file names, which from JDK 18 on is not the default one.
            Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
            String locale =
                    ConsoleStream.canShow(word, names) ? "" : "; in a UTF-8 locale (LC_ALL=C.UTF-8) all names are";
            throw new TypeConversionException("'" + word + "' is no name that a file can have here" + locale);
        }
    }
}
