package dev.graft.data;

import java.nio.file.Path;

/**
 * A picture that was left out of a run, or something beside pictures that was passed over.
 *
 * @param path the file
 * @param reason why, in a few words
 */
public record Skipped(Path path, String reason) {}
