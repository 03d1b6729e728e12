package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Cursor;
import dev.graft.weights.UntrustedText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip file whose content lies in it as it is: what torch and Keras write. Their places are checked, to be
 * inside the file and apart from each other, so that nothing read through them can be more than the file; the content of
 * compressed entries is refused for the same reason. Checksums are not compared: numbers stay unread until they are asked for.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format</a>
 */
final class ZipEntries {
    static final String MAGIC = "PK\u0003\u0004";

    private static final String END = "PK\u0005\u0006";
    private static final String END_64 = "PK\u0006\u0006";
    private static final String ENTRY = "PK\u0001\u0002";
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int ENTRY_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long IN_64 = 0xffff_ffffL;

    /** Some bytes of the file. */
    record Place(long offset, long length) {
        long end() {
            return offset + length;
        }
    }

    private record Directory(long entries, Place place) {}

    private final Bytes bytes;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Set<String> packed = new HashSet<>();

    private ZipEntries(Bytes bytes) {
        this.bytes = bytes;
    }

    /** Reads the directory of a file. */
    static ZipEntries read(Bytes bytes) {
        ZipEntries entries = new ZipEntries(bytes);
        Directory directory = entries.directory();
        Cursor in = new Cursor(bytes, directory.place.offset, directory.place.end());
        for (long i = 0; i < directory.entries; i++) {
            entries.entry(in);
        }
        entries.refuseOverlaps();
        return entries;
    }

    /** In the order of the directory. */
    Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    /**
     * Where the content of an entry lies, or null if there is no such entry.
     *
     * @throws GraftException if it is compressed or encrypted
     */
    @Nullable Place find(String name) {
        if (packed.contains(name)) {
            throw bytes.fault(
                    "zip entry " + UntrustedText.quote(name),
                    "is compressed or encrypted, which files of weights are not; save the weights again, or repack them"
                            + " with 'zip -0'");
        }
        return places.get(name);
    }

    /** The same for an entry whose name is among {@link #names}. */
    Place get(String name) {
        return Objects.requireNonNull(find(name), name);
    }

    private Directory directory() {
        long end = endRecord();
        Cursor in = new Cursor(bytes, end + 4, bytes.size());
        long disks = in.u32("the zip's disk numbers");
        in.u16("the zip's entry count");
        long entries = in.u16("the zip's entry count");
        long length = in.u32("the zip's directory length");
        long offset = in.u32("the zip's directory offset");
        boolean in64 = entries == LONGEST_COMMENT || length == IN_64 || offset == IN_64;
        if (in64 && end >= LOCATOR_64_BYTES) {
            Cursor locator = new Cursor(bytes, end - LOCATOR_64_BYTES + 8, end);
            long place = locator.u64("the zip's 64-bit end record");
            if (place < 0 || place > end - END_64_BYTES || !hasText(place, END_64)) {
                throw damaged("the 64-bit end record is not where it should be");
            }
            Cursor wide = new Cursor(bytes, place + 32, bytes.size());
            entries = wide.u64("the zip's entry count");
            length = wide.u64("the zip's directory length");
            offset = wide.u64("the zip's directory offset");
        }
        if (disks != 0 || offset < 0 || length < 0 || offset > end || length > end - offset) {
            throw damaged("the directory is not within the file");
        }
        if (entries < 0 || entries > length / ENTRY_BYTES) {
            throw damaged(
                    "a directory of " + length + " bytes cannot have " + Long.toUnsignedString(entries) + " entries");
        }
        return new Directory(entries, new Place(offset, length));
    }

    /** Where the last record begins; a comment of up to 64 KiB may follow it. */
    private long endRecord() {
        long first = Math.max(0, bytes.size() - END_BYTES - LONGEST_COMMENT);
        for (long at = bytes.size() - END_BYTES; at >= first; at--) {
            if (hasText(at, END)) {
                return at;
            }
        }
        throw damaged("its directory, which stands at the end, is missing");
    }

    private void entry(Cursor in) {
        if (!hasText(in.position(), ENTRY)) {
            throw in.fault("expected an entry of the zip's directory; the file is damaged, fetch it again");
        }
        in.take(8, "a zip entry");
        int flags = in.u16("a zip entry");
        int method = in.u16("a zip entry");
        in.take(8, "a zip entry");
        long compressed = in.u32("a zip entry");
        long length = in.u32("a zip entry");
        int nameLength = in.u16("a zip entry");
        int extraLength = in.u16("a zip entry");
        int commentLength = in.u16("a zip entry");
        in.take(8, "a zip entry");
        long header = in.u32("a zip entry");
        String name = in.string(nameLength, "the name of a zip entry");
        long extra = in.position();
        in.take(extraLength, "a zip entry");
        in.take(commentLength, "a zip entry");
        if (length == IN_64 || compressed == IN_64 || header == IN_64) {
            Cursor wide = wideFields(name, extra, extraLength);
            length = length == IN_64 ? wide.u64("a 64-bit length") : length;
            compressed = compressed == IN_64 ? wide.u64("a 64-bit length") : compressed;
            header = header == IN_64 ? wide.u64("a 64-bit offset") : header;
        }
        if (places.putIfAbsent(name, content(name, header, compressed)) != null) {
            throw damaged("the entry " + UntrustedText.quote(name) + " occurs twice");
        }
        if ((flags & 1) != 0 || method != 0 || compressed != length) {
            packed.add(name);
        }
    }

    /** The extra field that holds what does not fit into 32 bits. */
    private Cursor wideFields(String name, long offset, int length) {
        Cursor extra = new Cursor(bytes, offset, offset + length);
        while (extra.remaining() > 0) {
            int id = extra.u16("an extra field");
            int size = extra.u16("an extra field");
            long begin = extra.position();
            extra.take(size, "an extra field");
            if (id == 1) {
                return new Cursor(bytes, begin, begin + size);
            }
        }
        throw damaged("the entry " + UntrustedText.quote(name) + " lacks its 64-bit sizes");
    }

    private Place content(String name, long header, long length) {
        if (header < 0 || header > bytes.size() - LOCAL_BYTES || !hasText(header, MAGIC)) {
            throw damaged("the entry " + UntrustedText.quote(name) + " is not where the directory says");
        }
        Cursor local = new Cursor(bytes, header + LOCAL_BYTES - 4, bytes.size());
        long offset = header + LOCAL_BYTES + local.u16("a zip entry") + local.u16("a zip entry");
        if (length < 0 || offset > bytes.size() || length > bytes.size() - offset) {
            throw damaged("the entry " + UntrustedText.quote(name) + " reaches beyond the end of the file");
        }
        return new Place(offset, length);
    }

    private void refuseOverlaps() {
        List<Map.Entry<String, Place>> byPlace = new ArrayList<>(places.entrySet());
        byPlace.sort(Comparator.comparingLong(entry -> entry.getValue().offset));
        long end = 0;
        for (Map.Entry<String, Place> entry : byPlace) {
            if (entry.getValue().offset < end) {
                throw damaged("the entry " + UntrustedText.quote(entry.getKey()) + " overlaps another");
            }
            end = entry.getValue().end();
        }
    }

    private boolean hasText(long offset, String ascii) {
        if (offset < 0 || offset > bytes.size() - ascii.length()) {
            return false;
        }
        ByteBuffer text = bytes.slice(offset, ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            if (text.get(i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private GraftException damaged(String problem) {
        return bytes.fault("zip", problem + "; the file is cut short or damaged, fetch it again");
    }
}
