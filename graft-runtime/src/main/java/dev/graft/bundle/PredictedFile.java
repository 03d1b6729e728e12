package dev.graft.bundle;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A picture file and what the classifier says of it.
 *
 * @param prediction null if the file could not be read
 * @param unreadable why it could not be read, else null
 */
public record PredictedFile(
        Path path,
        @Nullable Prediction prediction,
        @Nullable String unreadable) {}
