package dev.graft.train.listen;

import java.util.Locale;
import java.util.Map;

/** Numbers and times as Keras' progress bar shows them, the same in every locale. */
final class ProgressText {
    private static final double SMALLEST_PLAIN = 1e-3;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;

    private ProgressText() {}

    /** {@code  7/38}, always as wide. */
    static String count(int step, int steps) {
        String all = Integer.toString(steps);
        String done = Integer.toString(step);
        return " ".repeat(Math.max(0, all.length() - done.length())) + done + "/" + all;
    }

    /** {@code 1s 45ms/step}: what so many steps will take, and one. */
    static String timeLeft(double secondsPerStep, int steps) {
        return left(secondsPerStep * steps) + " " + perStep(secondsPerStep);
    }

    /** The same of an epoch that is over: what it took, rounded, and one step. */
    static String timeTaken(double seconds, double secondsPerStep) {
        return left(Math.rint(seconds)) + " " + perStep(secondsPerStep);
    }

    static String metric(Map.Entry<String, Double> entry) {
        return entry.getKey() + ": " + value(entry.getValue());
    }

    /** Four decimals; tiny numbers, and zero, with an exponent. */
    private static String value(double value) {
        return format(Math.abs(value) > SMALLEST_PLAIN ? "%.4f" : "%.4e", value);
    }

    /** {@code 45ms/step}. */
    private static String perStep(double seconds) {
        if (seconds >= 1 || seconds == 0) {
            return whole(seconds) + "s/step";
        }
        return seconds >= 1e-3 ? whole(seconds * 1e3) + "ms/step" : whole(seconds * 1e6) + "us/step";
    }

    /** {@code 42s}, {@code 2:05}, {@code 1:02:05}; begun seconds are not counted. */
    private static String left(double seconds) {
        long whole = (long) seconds;
        if (seconds > HOUR) {
            return format("%d:%02d:%02d", whole / HOUR, whole % HOUR / MINUTE, whole % MINUTE);
        }
        return seconds > MINUTE ? format("%d:%02d", whole / MINUTE, whole % MINUTE) : whole + "s";
    }

    private static String whole(double number) {
        return Long.toString((long) Math.rint(number));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
