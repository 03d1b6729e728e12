package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names that come out of a file nobody has checked yet. */
public final class UntrustedText {
    private static final int SHOWN = 100;

    private UntrustedText() {}

    /** A name in quotes, fit for a line of text. */
    public static String quote(String name) {
        return "'" + printable(name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…") + "'";
    }

    /** The same text on one line: characters that move the cursor or have no shape are replaced. */
    public static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> line.appendCodePoint(isPlain(c) ? c : 0xFFFD));
        return line.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    public static String decodeUtf8(ByteBuffer bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }
}
