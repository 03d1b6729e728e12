package dev.graft.transfer.setting;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.Numbers;
import dev.graft.SettingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a setting takes: how its values are written and read, and which are allowed.
 *
 * @param placeholder what stands for a value where the setting is explained; empty of what is on or off
 * @param parser the value of a text
 * @param writer the text of a value, from which the parser makes it again
 * @param json a value as a number, boolean, text, list or map of these
 * @param problem what is wrong with a value; empty for nothing
 * @param repeated whether it may be given several times, the parser then getting all of them with line breaks between
 */
public record Kind<T>(
        String placeholder,
        Function<String, T> parser,
        Function<T, String> writer,
        Function<T, Object> json,
        Function<T, Optional<String>> problem,
        boolean repeated) {
    private static final String COMPOSED = "...";
    private static final String FOLDER = "DIR";
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    /** Computing is done in float32: what that cannot hold when it is squared is no number here. */
    private static final double MOST = 1e18;

    /** A text is no value; says why. */
    public static final class Malformed extends GraftException {
        private static final long serialVersionUID = 1L;

        public Malformed(String message) {
            super(message);
        }
    }

    /** Any of whose values is allowed. */
    public static <T> Kind<T> of(String placeholder, Function<String, T> parser, Function<T, String> writer) {
        return new Kind<>(placeholder, parser, writer, writer::apply, value -> Optional.empty(), false);
    }

    /** What is put together of several texts, each under a name of its own. */
    public static <T> Kind<T> composed(Function<T, String> writer) {
        return of(
                COMPOSED,
                text -> {
                    throw new Malformed("is not given as one text");
                },
                writer);
    }

    /** Values as {@code converter} has them in JSON. */
    public Kind<T> inJson(Function<T, Object> converter) {
        return new Kind<>(placeholder, parser, writer, converter, problem, repeated);
    }

    /** Only those of which {@code right} holds. */
    public Kind<T> only(Predicate<T> right, String expected) {
        return checked(value ->
                right.test(value) ? Optional.empty() : Optional.of("expected " + expected + ", got " + text(value)));
    }

    /** Only those of which {@code check} finds nothing wrong. */
    public Kind<T> checked(Function<T, Optional<String>> check) {
        return new Kind<>(placeholder, parser, writer, json, check, repeated);
    }

    /** Which may be given several times. */
    public Kind<T> repeatable() {
        return new Kind<>(placeholder, parser, writer, json, problem, true);
    }

    public static Kind<Boolean> flag() {
        return Kind.<Boolean>of("", Boolean::valueOf, String::valueOf).inJson(value -> value);
    }

    public static Kind<Integer> integer(String placeholder, int least, int most) {
        return of(placeholder, Kind::parseInteger, String::valueOf)
                .checked(value -> value < least
                        ? Optional.of("expected at least " + least + ", got " + value)
                        : value > most ? Optional.of("expected at most " + most + ", got " + value) : Optional.empty())
                .inJson(value -> value);
    }

    public static Kind<Long> whole() {
        return of("N", Kind::parseWhole, String::valueOf).inJson(value -> value);
    }

    public static Kind<Double> number(String placeholder) {
        return of(placeholder, Kind::parseNumber, Numbers::text).inJson(value -> value);
    }

    /** From 0 to below {@code end}. */
    public static Kind<Double> share(String of, double end) {
        return number("SHARE").only(value -> value >= 0 && value < end, of + " from 0 to below " + Numbers.text(end));
    }

    public static Kind<String> text(String placeholder) {
        return of(placeholder, text -> text, text -> text);
    }

    public static Kind<Path> folder() {
        return of(FOLDER, Kind::parsePath, Path::toString);
    }

    /** Whether it names a folder, or may name a file. */
    public boolean namesFile() {
        return placeholder.equals(FOLDER) || placeholder.endsWith("FILE");
    }

    /** A constant by its name in lower case, with hyphens. */
    public static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        return of(
                constants.stream().map(Kind::name).collect(Collectors.joining("|")),
                text -> find(constants, text),
                Kind::name);
    }

    /** A constant in lower case, with hyphens. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E find(List<E> constants, String text) {
        List<String> names = constants.stream().map(Kind::name).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw new Malformed(
                    "expected " + String.join(", ", names) + ", got '" + text + "'" + Nearest.hint(text, names));
        }
        return constants.get(index);
    }

    T parse(String key, String text) {
        try {
            return parser.apply(text);
        } catch (Malformed e) {
            throw new SettingException(key, e.template(), e);
        }
    }

    /** A value as people write it. */
    public String text(T value) {
        return writer.apply(value);
    }

    Optional<String> check(T value) {
        return problem.apply(value);
    }

    /** Whether it is put together of several texts. */
    public boolean isComposed() {
        return placeholder.equals(COMPOSED);
    }

    /** Whether it is on or off, so that its name alone says all. */
    public boolean isFlag() {
        return placeholder.isEmpty();
    }

    /**
     * A whole number of a text; the next two likewise.
     *
     * @throws Malformed if it is none, or out of range
     */
    public static int parseInteger(String text) {
        long number = parseWhole(text);
        if (number != (int) number) {
            throw outOfRange(text, Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /** ASCII digits only, where Java takes those of every script. */
    public static long parseWhole(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new Malformed("'" + text + "' is no whole number, such as 12");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw outOfRange(text, Long.MAX_VALUE);
        }
    }

    private static Malformed outOfRange(String text, long most) {
        return new Malformed("'" + text + "' is out of range; at most " + most + " either way");
    }

    /** As people write numbers: no NaN, no infinity. */
    public static double parseNumber(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new Malformed("'" + text + "' is no number, such as 0.5 or 1e-4");
        }
        double number = Double.parseDouble(text);
        if (Math.abs(number) > MOST) {
            throw new Malformed("'" + text + "' is out of range; at most 1e18 either way");
        }
        return number;
    }

    private static Path parsePath(String text) {
        if (text.isEmpty()) {
            throw new Malformed("'' is empty; give the name of a file or folder");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Malformed("'" + text + "' is no name that a file can have here; in a UTF-8 locale"
                    + " (LC_ALL=C.UTF-8) all names are");
        }
    }
}
