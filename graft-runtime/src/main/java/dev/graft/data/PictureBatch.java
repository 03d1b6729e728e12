package dev.graft.data;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Decoded pictures, on loan: {@code pixels} belongs to the loader and is overwritten after the next call of
 * {@link PictureBatches#next()}, when the pass ends or when the loader is closed. Copy what must live longer.
 *
 * @param indices which items of the list these are, rising; unreadable ones are missing
 * @param pixels {@code [n, 3, size, size]} in direct memory, grey levels 0 to 255, n being the length of
 *     {@code indices}, which is 0 when none of a batch could be read
 * @param labels the class of each picture
 * @param skipped the pictures of this batch that could not be read
 */
@SuppressWarnings("ArrayRecordComponent") // passed on to native code, never compared
public record PictureBatch(int[] indices, FloatBuffer pixels, int[] labels, List<Skipped> skipped) {
    public int size() {
        return indices.length;
    }
}
