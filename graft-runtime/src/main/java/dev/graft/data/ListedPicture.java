package dev.graft.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A picture as a list has it.
 *
 * @param number of its row, for messages; a header counts
 * @param path of its file
 * @param label the index of its class
 * @param part what the list says of the part that it belongs to, or null
 * @param weight how much it counts, 1 where nothing is said
 * @param group what it has in common with others of one origin, or null
 */
public record ListedPicture(
        int number,
        Path path,
        int label,
        @Nullable String part,
        float weight,
        @Nullable String group) {}
