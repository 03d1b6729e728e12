package dev.graft;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names by a pattern in which {@code *} stands for any characters, dots included: {@code layer4.*}, {@code *.bias}. */
public final class Glob {
    private Glob() {}

    /** Whether a whole name matches. */
    public static Predicate<String> of(String glob) {
        return Pattern.compile(
                        Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                        Pattern.DOTALL)
                .asMatchPredicate();
    }
}
