package dev.graft;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * JSON as the bytes of a file and back, whatever names are in it. Jackson's own way by bytes writes a letter beyond the
 * basic plane, such as 😀, as two escapes, and refuses those when it meets them in a key; by characters it takes all.
 */
public final class JsonText {
    private JsonText() {}

    /** The bytes in UTF-8, which every reader of JSON takes. */
    public static byte[] bytes(String json) {
        return wellFormed(json).getBytes(StandardCharsets.UTF_8);
    }

    /** The same text with each half of a letter, as names in Windows may have, as an escape: UTF-8 has no bytes for it. */
    public static String wellFormed(String json) {
        if (json.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return json;
        }
        StringBuilder whole = new StringBuilder(json.length());
        json.codePoints().forEach(point -> {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                whole.append("\\u").append(Integer.toHexString(point));
            } else {
                whole.appendCodePoint(point);
            }
        });
        return whole.toString();
    }

    /**
     * What is wrong with a text that was to be JSON, in a few words that follow its name: {@code breaks off after 12
     * characters}. Jackson's own are for whoever writes programs.
     */
    public static String fault(JsonProcessingException failure) {
        if (failure instanceof StreamConstraintsException) {
            return "is nested too deeply, or holds more than it may";
        }
        JsonLocation at = failure.getLocation();
        String place = at == null ? "" : String.format(Locale.ROOT, "%,d", at.getCharOffset());
        if (failure instanceof JsonEOFException) {
            return "breaks off" + (at == null ? "" : " after " + place + " characters");
        }
        return "is no JSON" + (at == null ? "" : " from character " + place + " on");
    }

    /**
     * The text of such bytes.
     *
     * @throws CharacterCodingException if they are no UTF-8
     */
    public static String of(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
