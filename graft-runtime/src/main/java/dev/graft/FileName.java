package dev.graft;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Names of files whose bytes are none of the locale's character set. A path keeps such bytes and can be opened, but its
 * text has replacement characters in their place, so that two names may become one.
 */
public final class FileName {
    private static final char REPLACEMENT = '\uFFFD';

    private FileName() {}

    /** Whether the text of a path is all of it: whoever has only the text finds the file again. */
    public static boolean isWhole(Path path) {
        String text = path.toString();
        if (text.indexOf(REPLACEMENT) < 0) {
            return true;
        }
        try {
            return path.getFileSystem().getPath(text).equals(path);
        } catch (InvalidPathException unmappable) {
            return false;
        }
    }

    /** The text of a path, with {@code \xB5} for each byte that is no text. */
    public static String shown(Path path) {
        if (isWhole(path)) {
            return path.toString();
        }
        // The bytes of a relative path are the end of those of its absolute one.
        String absolute = path.toUri().getRawPath();
        String before = path.isAbsolute() ? "" : Path.of("").toUri().getRawPath();
        String own = absolute.startsWith(before) ? absolute.substring(before.length()) : absolute;
        // That of a folder ends with a slash.
        return unescaped(own.endsWith("/") ? own.substring(0, own.length() - 1) : own);
    }

    /** What to do about such a name. */
    public static String remedy() {
        return isUnicode()
                ? "rename them (for names from a Korean Windows: convmv -f cp949 -t utf8 -r --notest FOLDER)"
                : "set a UTF-8 locale: LC_ALL=C.UTF-8";
    }

    /** What to add where a file is not found whose name this locale cannot tell; empty where that cannot be why. */
    public static String localeHint(Path path) {
        String text = path.toString();
        boolean lost = text.indexOf(REPLACEMENT) >= 0;
        if (isUnicode()) {
            return lost ? " (its name is no UTF-8, so no argument can tell it; rename it)" : "";
        }
        return lost || text.indexOf('?') >= 0
                ? " (the locale's character set, " + encoding() + ", has not all of its letters; set LC_ALL=C.UTF-8)"
                : "";
    }

    /** The character set of names in this locale. */
    public static String encoding() {
        return System.getProperty("sun.jnu.encoding", "unknown");
    }

    private static boolean isUnicode() {
        return encoding().toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8");
    }

    /** Percent signs and two digits give text where they are UTF-8, and else escapes. */
    private static String unescaped(String raw) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < raw.length()) {
            if (raw.charAt(at) != '%') {
                text.append(raw.charAt(at++));
                continue;
            }
            int length = sequence(raw, at);
            byte[] bytes = new byte[Math.max(1, length)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = octet(raw, at + 3 * i);
            }
            text.append(
                    length == 0 || (length > 1 && !isUnicode())
                            ? escaped(bytes)
                            : new String(bytes, StandardCharsets.UTF_8));
            at += 3 * bytes.length;
        }
        return text.toString();
    }

    private static byte octet(String raw, int at) {
        return (byte) Integer.parseInt(raw.substring(at + 1, at + 3), 16);
    }

    /** How many of the escaped bytes from here on are one UTF-8 character; 0 if they are none. */
    private static int sequence(String raw, int at) {
        int first = octet(raw, at) & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        for (int i = 1; i < length; i++) {
            int next = at + 3 * i;
            boolean follows = next + 2 < raw.length() && raw.charAt(next) == '%' && (octet(raw, next) & 0xC0) == 0x80;
            if (!follows) {
                return 0;
            }
        }
        return length;
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            text.append(String.format("\\x%02X", each));
        }
        return text.toString();
    }
}
