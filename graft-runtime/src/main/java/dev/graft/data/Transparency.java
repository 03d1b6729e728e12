package dev.graft.data;

/** What the fourth channel of a decoded picture means. */
enum Transparency {
    /** How opaque the pixel is. */
    PLAIN,
    /** The same, and the colours are already multiplied by it. */
    MULTIPLIED,
    /** Something else, infrared for one. */
    NONE
}
