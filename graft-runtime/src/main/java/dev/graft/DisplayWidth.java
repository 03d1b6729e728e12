package dev.graft;

/**
 * How many columns of a terminal a text takes: two for a Chinese, Japanese or Korean character and for an emoji, none for a
 * mark that is put onto the letter before it, nor for colours.
 */
public final class DisplayWidth {
    private static final int ESCAPE = 0x1b;
    private static final int JOINER = 0x200d;
    /** First and last code points of what is two columns wide (Unicode's East Asian Width W and F, in large blocks). */
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x231a, 0x231b, 0x23e9, 0x23ec, 0x2614, 0x2615, 0x2648, 0x2653, 0x26aa, 0x26ab, 0x26bd, 0x26be,
        0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x2753, 0x2755, 0x2795, 0x2797, 0x2b50, 0x2b50,
        0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
        0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f000, 0x1f02f, 0x1f18e, 0x1f19a, 0x1f1e6, 0x1f265, 0x1f300,
        0x1f64f, 0x1f680, 0x1f6ff, 0x1f7e0, 0x1f7eb, 0x1f900, 0x1faff, 0x20000, 0x3fffd
    };

    private DisplayWidth() {}

    public static int of(String text) {
        int columns = 0;
        boolean joined = false;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (point == ESCAPE) {
                i = afterStyle(text, i);
                continue;
            }
            columns += joined ? 0 : of(point);
            joined = point == JOINER;
            i += Character.charCount(point);
        }
        return columns;
    }

    /** Behind a sequence such as {@code ESC[1m}. */
    private static int afterStyle(String text, int start) {
        int at = start + 1;
        while (at < text.length() && !Character.isLetter(text.charAt(at))) {
            at++;
        }
        return Math.min(text.length(), at + 1);
    }

    private static int of(int point) {
        int type = Character.getType(point);
        boolean onLetter = type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || isJamoOnLetter(point);
        return onLetter ? 0 : isWide(point) ? 2 : 1;
    }

    /** The vowels and final consonants of a decomposed Korean syllable, as macOS writes names. */
    private static boolean isJamoOnLetter(int point) {
        return point >= 0x1160 && point <= 0x11ff;
    }

    private static boolean isWide(int point) {
        for (int i = 0; i < WIDE.length; i += 2) {
            if (point < WIDE[i]) {
                return false;
            }
            if (point <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
