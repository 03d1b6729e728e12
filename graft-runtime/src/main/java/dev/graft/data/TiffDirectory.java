package dev.graft.data;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first directory of a TIFF or BigTIFF file, or of an EXIF block, which is made alike (TIFF 6.0). */
final class TiffDirectory {
    private static final int BIG = 43;
    private static final int MAX_ENTRIES = 4096;
    private static final int MAX_VALUES = 1 << 24;
    private static final int SHORT = 3;
    /** The size of one value of each type; types 14 and 15 do not exist. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    private final PictureBytes tiff;
    private final boolean big;
    private final Map<Integer, Entry> entries = new HashMap<>();

    /**
     * @param count of values
     * @param at where the first one stands
     */
    private record Entry(int type, long count, long at) {}

    private TiffDirectory(PictureBytes tiff, boolean big) {
        this.tiff = tiff;
        this.big = big;
    }

    static ByteOrder order(byte[] file) {
        return file.length > 0 && file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /** Reads it from a whole file; it must be there, its values are looked for when they are asked for. */
    static TiffDirectory of(byte[] file) throws UnreadablePictureException {
        PictureBytes tiff = new PictureBytes(file, order(file), "TIFF");
        TiffDirectory directory = new TiffDirectory(tiff, tiff.u16(2) == BIG);
        directory.read();
        return directory;
    }

    /** Reads as much as there is of an EXIF block. */
    static TiffDirectory ofExif(byte[] block) {
        TiffDirectory directory = new TiffDirectory(new PictureBytes(block, order(block), "EXIF"), false);
        try {
            directory.read();
        } catch (UnreadablePictureException brokenOff) {
            return directory;
        }
        return directory;
    }

    private void read() throws UnreadablePictureException {
        long start = big ? tiff.i64(8) : tiff.u32(4);
        long count = big ? tiff.i64(start) : tiff.u16(start);
        long first = start + (big ? 8 : 2);
        int size = big ? 20 : 12;
        for (long i = 0; i < Math.min(count, MAX_ENTRIES); i++) {
            long entry = first + i * size;
            int type = tiff.u16(entry + 2);
            long values = big ? tiff.i64(entry + 4) : tiff.u32(entry + 4);
            long inline = entry + (big ? 12 : 8);
            tiff.index(inline, big ? 8 : 4);
            int each = type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0;
            boolean fits = values >= 0 && values <= (big ? 8 : 4) && values * each <= (big ? 8 : 4);
            long at = fits ? inline : big ? tiff.i64(inline) : tiff.u32(inline);
            // of two entries for one tag the first counts
            entries.putIfAbsent(tiff.u16(entry), new Entry(type, values, at));
        }
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /** The first value of a tag, whole, whatever the type it is written as; {@code otherwise} when there is none. */
    long number(int tag, long otherwise) throws UnreadablePictureException {
        Entry entry = entries.get(tag);
        if (entry == null || entry.count < 1 || !isNumber(entry.type)) {
            return otherwise;
        }
        return value(entry, 0);
    }

    /** All values of a tag, none when it is absent. */
    long[] numbers(int tag) throws UnreadablePictureException {
        @Nullable Entry entry = entries.get(tag);
        if (entry == null || !isNumber(entry.type)) {
            return new long[0];
        }
        if (entry.count < 0 || entry.count > MAX_VALUES) {
            throw tiff.corrupt("tag " + tag + " has " + entry.count + " values");
        }
        tiff.index(entry.at, entry.count * TYPE_BYTES[entry.type]);
        long[] values = new long[(int) entry.count];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(entry, i);
        }
        return values;
    }

    /** The file with the first value of some tags replaced, where they are there. OpenCV turns TIFFs whatever it is told. */
    byte[] withNumbers(Map<Integer, Integer> values) {
        byte[] body = tiff.array().clone();
        values.forEach((tag, value) -> put(body, tag, value));
        return body;
    }

    private void put(byte[] body, int tag, int value) {
        Entry entry = entries.get(tag);
        int bytes = entry == null || entry.count < 1 || entry.type >= TYPE_BYTES.length ? 0 : TYPE_BYTES[entry.type];
        if (entry == null || entry.at < 0 || entry.at > tiff.length() - bytes) {
            return;
        }
        boolean little = order(body) == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < bytes; i++) {
            body[(int) entry.at + (little ? i : bytes - 1 - i)] = (byte) (value >> Math.min(31, 8 * i));
        }
    }

    private static boolean isNumber(int type) {
        return type < TYPE_BYTES.length && TYPE_BYTES[type] > 0 && type != 2 && type != 7;
    }

    private long value(Entry entry, int index) throws UnreadablePictureException {
        long at = entry.at + (long) index * TYPE_BYTES[entry.type];
        return switch (entry.type) {
            case 1 -> tiff.u8(at);
            case 6 -> (byte) tiff.u8(at);
            case SHORT -> tiff.u16(at);
            case 8 -> (short) tiff.u16(at);
            case 9 -> tiff.i32(at);
            case 5, 10 -> ratio(tiff.i32(at), tiff.i32(at + 4));
            case 11 -> (long) Float.intBitsToFloat(tiff.i32(at));
            case 12 -> (long) Double.longBitsToDouble(tiff.i64(at));
            case 16, 17, 18 -> tiff.i64(at);
            default -> tiff.u32(at);
        };
    }

    private static long ratio(int numerator, int denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }
}
