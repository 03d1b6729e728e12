package dev.graft.preprocessing;

/** What is seen beyond the edge of a picture whose row is {@code abcd}. */
public enum FillMode {
    /** {@code dcba|abcd|dcba}: mirrored at the edge. */
    REFLECT,
    /** {@code kkkk|abcd|kkkk}: the fill value. */
    CONSTANT,
    /** {@code abcd|abcd|abcd}: from the opposite edge. */
    WRAP,
    /** {@code aaaa|abcd|dddd}: the pixel at the edge. */
    NEAREST;

    /** The pixel of {@code size} that stands at an index, which may lie outside; -1 for the fill value. */
    int place(int index, int size) {
        if (index >= 0 && index < size) {
            return index;
        }
        return switch (this) {
            case CONSTANT -> -1;
            case NEAREST -> index < 0 ? 0 : size - 1;
            case WRAP -> Math.floorMod(index, size);
            case REFLECT -> {
                int folded = Math.floorMod(index, 2 * size);
                yield folded < size ? folded : 2 * size - 1 - folded;
            }
        };
    }
}
