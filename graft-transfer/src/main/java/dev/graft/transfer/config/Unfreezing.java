package dev.graft.transfer.config;

import dev.graft.Numbers;
import dev.graft.transfer.setting.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What of a backbone fine-tuning trains, beside the head, and in how many phases. */
public sealed interface Unfreezing {
    /**
     * One phase after the other.
     *
     * @param steps one or more
     */
    record Steps(List<Step> steps) implements Unfreezing {
        public Steps {
            steps = List.copyOf(steps);
        }

        @Override
        public String toString() {
            return steps.stream().map(Step::toString).collect(Collectors.joining(","));
        }
    }

    /**
     * One stage after the other, from the output on (Howard and Ruder 2018).
     *
     * @param to the last of them, or null for the one from which the backbone is usually tuned
     */
    record Gradual(@Nullable String to) implements Unfreezing {
        @Override
        public String toString() {
            return to == null ? GRADUAL : GRADUAL + ":" + to;
        }
    }

    /**
     * A phase.
     *
     * @param epochs at most, or null as for all phases; likewise the next two
     * @param learningRate the highest
     * @param patience epochs without a gain after which it ends
     */
    record Step(
            Place from,
            @Nullable Integer epochs,
            @Nullable Double learningRate,
            @Nullable Integer patience) {
        @Override
        public String toString() {
            return Stream.of(
                            Optional.of(from),
                            Optional.ofNullable(epochs),
                            Optional.ofNullable(learningRate).map(Numbers::text),
                            Optional.ofNullable(patience))
                    .flatMap(Optional::stream)
                    .map(Object::toString)
                    .collect(Collectors.joining(":"));
        }

        /** How many of epochs, rate and patience it says itself, in this order. */
        public int said() {
            return (int) Stream.of(
                            Optional.ofNullable(epochs),
                            Optional.ofNullable(learningRate),
                            Optional.ofNullable(patience))
                    .flatMap(Optional::stream)
                    .count();
        }
    }

    String GRADUAL = "gradual";

    Pattern STEP = Pattern.compile(
            "(?<from>[^:]+)(:(?<epochs>[1-9]\\d{0,5})(:(?<rate>[0-9.eE+-]+)(:(?<patience>[1-9]\\d{0,5}))?)?)?");

    /** In one phase. */
    static Unfreezing from(Place place) {
        return new Steps(List.of(new Step(place, null, null, null)));
    }

    /** All of the backbone, in one phase. */
    static Unfreezing all() {
        return from(new Place.Whole());
    }

    /** From a stage on, in one phase. */
    static Unfreezing stage(String name) {
        return from(new Place.Stage(name));
    }

    /**
     * A place; several with commas, one after the other, each {@code PLACE[:EPOCHS[:RATE[:PATIENCE]]]}; {@code gradual} or
     * {@code gradual:STAGE}.
     *
     * @throws dev.graft.GraftException if the text is none of these
     */
    static Unfreezing parse(String text) {
        if (text.equals(GRADUAL)) {
            return new Gradual(null);
        }
        return text.startsWith(GRADUAL + ":")
                ? new Gradual(text.substring(GRADUAL.length() + 1))
                : new Steps(Stream.of(text.split(",", -1)).map(Unfreezing::step).toList());
    }

    private static Step step(String text) {
        Matcher matcher = STEP.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        String rate = matcher.group("rate");
        return new Step(
                Place.parse(matcher.group("from")),
                integer(matcher.group("epochs")),
                rate == null ? null : rate(text, rate),
                integer(matcher.group("patience")));
    }

    private static @Nullable Integer integer(@Nullable String digits) {
        return digits == null ? null : Integer.valueOf(digits);
    }

    private static double rate(String text, String rate) {
        double number;
        try {
            number = Kind.parseNumber(rate);
        } catch (Kind.Malformed e) {
            throw malformed(text);
        }
        TuningSettings.rateProblem(number).ifPresent(problem -> {
            throw new Kind.Malformed("'" + text + "': " + problem);
        });
        return number;
    }

    private static Kind.Malformed malformed(String text) {
        return new Kind.Malformed("'" + text + "' is not PLACE[:EPOCHS[:RATE[:PATIENCE]]], such as features.12:3:1e-4");
    }
}
