package dev.graft.transfer;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a run can be gone on with when its process was killed.
 *
 * @param folder where it keeps what it needs for that; a run's own
 * @param goesOn whether it goes on from there, rather than beginning anew
 * @param interval how long a run lasts at most between what it keeps, in the middle of a phase
 */
public record Resuming(Path folder, boolean goesOn, Duration interval) {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Begins anew, and keeps what is needed every half minute. */
    public static Resuming in(Path folder) {
        return new Resuming(folder, false, INTERVAL);
    }

    /** Goes on. */
    public Resuming goingOn() {
        return new Resuming(folder, true, interval);
    }

    public Resuming every(Duration time) {
        return new Resuming(folder, goesOn, time);
    }
}
