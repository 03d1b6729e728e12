package dev.graft.transfer.resume;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a run can be gone on with when its process was killed.
 *
 * @param folder where it keeps what it needs for that; a run's own
 * @param resumes whether it goes on from there, rather than beginning again
 * @param interval how long a run lasts at most between what it keeps, in the middle of a phase
 */
public record ResumeSettings(Path folder, boolean resumes, Duration interval) {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Starts over, and keeps what is needed every half minute. */
    public static ResumeSettings in(Path folder) {
        return new ResumeSettings(folder, false, INTERVAL);
    }

    /** Goes on. */
    public ResumeSettings resuming() {
        return new ResumeSettings(folder, true, interval);
    }

    public ResumeSettings every(Duration time) {
        return new ResumeSettings(folder, resumes, time);
    }
}
