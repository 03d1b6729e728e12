package dev.graft.data;

/**
 * One axis of a resize: which stretch of the picture becomes how many pixels, and which of those are wanted.
 *
 * @param from where the stretch begins, in pixels of the picture
 * @param to where it ends
 * @param low the first pixel that may be looked at
 * @param high the first pixel that may not
 * @param out how many pixels the whole stretch becomes
 * @param first the first of them that is wanted
 * @param count how many are wanted
 */
record Span(double from, double to, int low, int high, long out, long first, int count) {
    /** All pixels of {@code low} to {@code high} become {@code out}. */
    static Span whole(int low, int high, int out) {
        return new Span(low, high, low, high, out, 0, out);
    }

    /** A side of {@code length} pixels is resized to {@code out} and its middle {@code count} are kept. */
    static Span middle(int length, long out, int count) {
        // torchvision's CenterCrop rounds as Python does: halves to even
        long first = (long) Math.rint((out - count) / 2.0);
        return new Span(0, length, 0, length, out, first, count);
    }

    /** How many pixels of the picture one output pixel covers. */
    double scale() {
        return (to - from) / out;
    }

    /** The same stretch counted from the other end of a side of {@code length} pixels. */
    Span mirrored(int length) {
        return new Span(length - to, length - from, length - high, length - low, out, out - first - count, count);
    }

    /** The same stretch of the picture decoded at 1/{@code reduction} of its size. */
    Span reduced(int reduction) {
        return new Span(
                from / reduction,
                to / reduction,
                low / reduction,
                (high + reduction - 1) / reduction,
                out,
                first,
                count);
    }
}
