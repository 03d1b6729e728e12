package dev.graft.data;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts a run works with; no picture is in two of them.
 *
 * @param train what is learnt from
 * @param validation what decides when to stop
 * @param test what the result is measured on, if there is such a part
 */
public record Splits(
        PictureSet train, PictureSet validation, @Nullable PictureSet test) {
    /** The test part, if there is one. */
    public Optional<PictureSet> testPart() {
        return Optional.ofNullable(test);
    }
}
