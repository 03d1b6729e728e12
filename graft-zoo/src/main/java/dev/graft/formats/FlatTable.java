package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.UntrustedText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of a FlatBuffer. Fields are read where they lie, by their place in the schema; each offset is checked before it
 * is followed. What is read of strings and vectors of numbers is at most as long as the file in sum, so a file whose
 * tables share their parts a thousandfold is refused instead of being read a thousandfold.
 *
 * @see <a href="https://flatbuffers.dev/internals/">the format</a>
 */
final class FlatTable {
    private static final int OFFSET_BYTES = 4;
    private static final int VTABLE_HEADER = 4;

    /** The file, and how many of its bytes may still be read. */
    private static final class Source {
        private final Bytes bytes;
        private long unread;

        Source(Bytes bytes) {
            this.bytes = bytes;
            this.unread = bytes.size();
        }

        ByteBuffer slice(long offset, long length, String what) {
            if (offset < 0 || length < 0 || offset > bytes.size() || length > bytes.size() - offset) {
                throw fault(offset, what + " takes " + length + " bytes, beyond the end of the file");
            }
            return bytes.slice(offset, length);
        }

        /** Bytes that are copied out of the file. */
        ByteBuffer take(long offset, long length, String what) {
            ByteBuffer taken = slice(offset, length, what);
            unread -= length;
            if (unread < 0) {
                throw fault(offset, what + " and what was read before are longer than the file: parts overlap");
            }
            return taken;
        }

        long u32(long offset, String what) {
            return Integer.toUnsignedLong(slice(offset, OFFSET_BYTES, what).getInt());
        }

        GraftException fault(long offset, String problem) {
            return bytes.fault("at byte " + offset, problem + "; the file is cut short or damaged, fetch it again");
        }
    }

    private final Source source;
    private final long position;
    private final long vtable;
    private final int vtableBytes;

    private FlatTable(Source source, long position) {
        this.source = source;
        this.position = position;
        this.vtable = position - source.slice(position, OFFSET_BYTES, "a table").getInt();
        this.vtableBytes =
                source.slice(vtable, VTABLE_HEADER, "a table of fields").getShort() & 0xffff;
        source.slice(vtable, vtableBytes, "a table of fields");
    }

    /** The table that a file begins with. */
    static FlatTable root(Bytes bytes) {
        Source source = new Source(bytes);
        return new FlatTable(source, source.u32(0, "the root"));
    }

    /** Where a field's value begins, or 0 where the table leaves it out. */
    private long place(int field, int bytes, String what) {
        int entry = VTABLE_HEADER + 2 * field;
        if (entry + 2 > vtableBytes) {
            return 0;
        }
        int offset = source.slice(vtable + entry, 2, what).getShort() & 0xffff;
        if (offset == 0) {
            return 0;
        }
        source.slice(position + offset, bytes, what);
        return position + offset;
    }

    boolean has(int field) {
        return place(field, 1, "a field") != 0;
    }

    int i8(int field, String what) {
        long place = place(field, 1, what);
        return place == 0 ? 0 : source.slice(place, 1, what).get();
    }

    int i32(int field, String what) {
        long place = place(field, 4, what);
        return place == 0 ? 0 : source.slice(place, 4, what).getInt();
    }

    long u32(int field, String what) {
        return Integer.toUnsignedLong(i32(field, what));
    }

    long u64(int field, String what) {
        long place = place(field, 8, what);
        return place == 0 ? 0 : source.slice(place, 8, what).getLong();
    }

    /** Where what a field points to begins, or 0 where the table leaves it out. */
    private long target(int field, String what) {
        long place = place(field, OFFSET_BYTES, what);
        return place == 0 ? 0 : place + source.u32(place, what);
    }

    @Nullable FlatTable table(int field, String what) {
        long target = target(field, what);
        return target == 0 ? null : new FlatTable(source, target);
    }

    /** A string; empty where it is left out. */
    String string(int field, String what) {
        Span text = span(field, 1, what);
        try {
            return UntrustedText.decodeUtf8(source.take(text.begin, text.count, what));
        } catch (CharacterCodingException e) {
            throw source.fault(text.begin, what + " is not UTF-8 text");
        }
    }

    /** A vector's numbers in the file; none where it is left out. */
    record Span(long begin, long count) {}

    /** Where a vector's numbers lie, all within the file. */
    Span span(int field, int itemBytes, String what) {
        long target = target(field, what);
        if (target == 0) {
            return new Span(0, 0);
        }
        long count = source.u32(target, what + " (length)");
        source.slice(target + OFFSET_BYTES, count * itemBytes, what);
        return new Span(target + OFFSET_BYTES, count);
    }

    /** A vector's numbers, little-endian. */
    ByteBuffer vector(int field, int itemBytes, String what) {
        Span span = span(field, itemBytes, what);
        return source.take(span.begin, span.count * itemBytes, what);
    }

    /** A number of a vector of 32-bit numbers, or -1 where it has fewer. */
    int item(int field, int index, String what) {
        Span span = span(field, Integer.BYTES, what);
        return index < span.count
                ? source.slice(span.begin + (long) index * Integer.BYTES, 4, what)
                        .getInt()
                : -1;
    }

    /** A vector of tables, each made when it is asked for. */
    List<FlatTable> tables(int field, String what) {
        Span span = span(field, OFFSET_BYTES, what);
        int count = Math.toIntExact(span.count);
        return new AbstractList<>() {
            @Override
            public FlatTable get(int index) {
                long place = span.begin + (long) index * OFFSET_BYTES;
                return new FlatTable(source, place + source.u32(place, what));
            }

            @Override
            public int size() {
                return count;
            }
        };
    }
}
