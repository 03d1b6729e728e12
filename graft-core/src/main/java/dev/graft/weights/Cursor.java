package dev.graft.weights;

import dev.graft.GraftException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Reads little-endian numbers and strings one after the other and never beyond the end. */
final class Cursor {
    private final Bytes bytes;
    private long position;

    Cursor(Bytes bytes) {
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.size() - position;
    }

    /** @param what what the bytes are, for the message: {@code "tensor count"} */
    ByteBuffer take(long length, String what) {
        if (length < 0 || length > remaining() || length > bytes.longestSlice()) {
            throw fault(what + " takes " + Long.toUnsignedString(length) + " bytes, the file has " + remaining()
                    + " left; it is cut short or damaged, fetch it again");
        }
        ByteBuffer taken = bytes.slice(position, length);
        position += length;
        return taken;
    }

    long u32(String what) {
        return Integer.toUnsignedLong(take(4, what).getInt());
    }

    long u64(String what) {
        return take(8, what).getLong();
    }

    /** A count of items, each of at least {@code itemBytes}: never more than the rest of the file can hold. */
    long count(String what, int itemBytes) {
        long count = u64(what);
        if (count < 0 || count > remaining() / itemBytes) {
            throw fault(what + " is " + Long.toUnsignedString(count) + ", but only " + remaining()
                    + " bytes follow; the file is cut short or damaged, fetch it again");
        }
        return count;
    }

    /** A string of UTF-8 behind its length. */
    String string(String what) {
        ByteBuffer text = take(u64(what + " (length)"), what);
        try {
            return Text.decodeUtf8(text);
        } catch (CharacterCodingException e) {
            throw fault(what + " is not UTF-8 text; the file is damaged, fetch it again");
        }
    }

    GraftException fault(String problem) {
        return bytes.fault("at byte " + position, problem);
    }
}
