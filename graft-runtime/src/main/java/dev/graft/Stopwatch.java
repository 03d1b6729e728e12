package dev.graft;

/**
 * Wall time from a moment on.
 *
 * @param begun on the clock of {@link System#nanoTime}
 */
public record Stopwatch(long begun) {
    public static Stopwatch start() {
        return new Stopwatch(System.nanoTime());
    }

    public double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }
}
