package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Constants as options have them: in lower case, with hyphens. */
final class Constants {
    private Constants() {}

    /**
     * The constant of that name.
     *
     * @throws GraftException if there is none; lists all, suggests the nearest
     */
    static <E extends Enum<E>> E of(String option, String name, E[] constants) {
        List<String> names = Stream.of(constants).map(Constants::name).toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new GraftException(option + ": expected " + String.join(", ", names) + ", got '" + name + "'"
                    + Nearest.hint(name, names));
        }
        return constants[index];
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
