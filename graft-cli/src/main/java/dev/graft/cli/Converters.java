package dev.graft.cli;

import dev.graft.ConsoleStream;
import dev.graft.GraftException;
import dev.graft.transfer.setting.Kind;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How words of the command line become numbers, paths and backbones; what is wrong with one is said with its option's name. */
final class Converters {
    private Converters() {}

    /** Not a lambda of picocli's interface, which is of a class format so old that JDK 17 crashes when it archives classes. */
    private record Converter<T>(Function<String, T> conversion) implements ITypeConverter<T> {
        @Override
        public T convert(String word) {
            try {
                return conversion.apply(word);
            } catch (Kind.Malformed e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Lets a command and those below it take them. */
    static void register(CommandLine line) {
        line.registerConverter(int.class, new Converter<>(Kind::parseInteger));
        line.registerConverter(Integer.class, new Converter<>(Kind::parseInteger));
        line.registerConverter(long.class, new Converter<>(Kind::parseWhole));
        line.registerConverter(Long.class, new Converter<>(Kind::parseWhole));
        line.registerConverter(double.class, new Converter<>(Kind::parseNumber));
        line.registerConverter(Double.class, new Converter<>(Kind::parseNumber));
        line.registerConverter(Path.class, new Converter<>(Converters::path));
        line.registerConverter(Pretrained.class, new Converter<>(Converters::backbone));
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
