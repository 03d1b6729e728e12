package dev.graft.weights;

import dev.graft.GraftException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Reads little-endian numbers and strings one after the other and never beyond the end. */
public final class Cursor {
    private final Bytes bytes;
    private final long end;
    private long position;

    public Cursor(Bytes bytes) {
        this(bytes, 0, bytes.size());
    }

    /** Reads only what lies from {@code begin} to {@code end}, which the caller has checked to be within the file. */
    public Cursor(Bytes bytes, long begin, long end) {
        this.bytes = bytes;
        this.position = begin;
        this.end = end;
    }

    public long position() {
        return position;
    }

    public long remaining() {
        return end - position;
    }

    /** @param what what the bytes are, for the message: {@code "tensor count"} */
    public ByteBuffer take(long length, String what) {
        if (length < 0 || length > remaining() || length > bytes.longestSlice()) {
            throw tooFew(length, what);
        }
        ByteBuffer taken = bytes.slice(position, length);
        position += length;
        return taken;
    }

    /** Passes over bytes that must be there. */
    public void skip(long length, String what) {
        if (length < 0 || length > remaining()) {
            throw tooFew(length, what);
        }
        position += length;
    }

    public int u8(String what) {
        return take(1, what).get() & 0xff;
    }

    public int u16(String what) {
        return take(2, what).getShort() & 0xffff;
    }

    public long u32(String what) {
        return Integer.toUnsignedLong(take(4, what).getInt());
    }

    public long u64(String what) {
        return take(8, what).getLong();
    }

    /** A count of items, each of at least {@code itemBytes}: never more than the rest of the file can hold. */
    public long count(String what, int itemBytes) {
        long count = u64(what);
        if (count < 0 || count > remaining() / itemBytes) {
            throw fault(what + " is " + Long.toUnsignedString(count) + ", but only " + remaining()
                    + " bytes follow; the file is cut short or damaged, fetch it again");
        }
        return count;
    }

    /** A string of UTF-8 after its length. */
    public String string(String what) {
        return string(u64(what + " (length)"), what);
    }

    /** A string of UTF-8 that takes {@code length} bytes. */
    public String string(long length, String what) {
        ByteBuffer text = take(length, what);
        try {
            return UntrustedText.decodeUtf8(text);
        } catch (CharacterCodingException e) {
            throw fault(what + " is not UTF-8 text; the file is damaged, fetch it again");
        }
    }

    private GraftException tooFew(long length, String what) {
        return fault(what + " takes " + Long.toUnsignedString(length) + " bytes, the file has " + remaining()
                + " left; it is cut short or damaged, fetch it again");
    }

    public GraftException fault(String problem) {
        return bytes.fault("at byte " + position, problem);
    }
}
