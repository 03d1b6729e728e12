package dev.graft.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Walks the chunks of a PNG file and checks their sums (PNG specification, third edition). */
final class PngHeader {
    private static final int SIGNATURE = 8;
    private static final int AROUND_DATA = 12;
    private static final int BITS = 24;
    private static final int KIND = 25;
    private static final int GREY = 0;
    private static final byte[] END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xAE, 0x42, 0x60, (byte) 0x82};
    /** What makes up the pixels. libpng prints warnings about odd colour profiles and the like in the others. */
    private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT");

    private PngHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        PictureBytes png = new PictureBytes(file, ByteOrder.BIG_ENDIAN, "PNG");
        if (png.startsWith(SIGNATURE + 4, "CgBI")) {
            throw new UnreadablePictureException("an iPhone PNG (CgBI), which is not read; save it as an ordinary PNG");
        }
        if (!png.startsWith(SIGNATURE + 4, "IHDR")) {
            throw png.corrupt("it does not begin with its header");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(file.length);
        body.write(file, 0, SIGNATURE);
        @Nullable Orientation orientation = null;
        boolean data = false;
        int greyKey = MatPicture.NO_KEY;
        int key = png.u8(KIND) == GREY ? png.u8(BITS) : 0;
        // when all data are there, what after them is cut off does no harm
        for (long at = SIGNATURE; at + AROUND_DATA <= file.length; ) {
            int length = (int) Math.min(Integer.MAX_VALUE, png.u32(at));
            String name = png.name(at + 4);
            if (data && !name.equals("IDAT") && at + AROUND_DATA + length > file.length) {
                break;
            }
            int start = png.index(at, (long) length + AROUND_DATA);
            if (PIXELS.contains(name)) {
                checkSum(png, start, name, length);
                body.write(file, start, length + AROUND_DATA);
                data |= name.equals("IDAT");
            } else if (name.equals("eXIf") && orientation == null) {
                orientation = Orientation.ofExif(file, start + 8, start + 8 + length);
            } else if (Character.isUpperCase(name.charAt(0)) && !name.equals("IEND")) {
                throw png.corrupt("unknown chunk " + PictureBytes.quoted(name) + ", which it says is needed");
            }
            if (name.equals("tRNS") && length == 2 && key > 0) {
                greyKey = stretched(png.u16(start + 8L), key);
            }
            at += name.equals("IEND") ? file.length : (long) length + AROUND_DATA;
        }
        if (!data) {
            throw png.corrupt("it has no picture data");
        }
        body.writeBytes(END);
        int width = png.i32(SIGNATURE + 8);
        int height = png.i32(SIGNATURE + 12);
        Orientation lies = orientation == null ? Orientation.UPRIGHT : orientation;
        int transparent = greyKey;
        Decoder decoder = (header, reduction) -> OpenCv.decode(header, reduction, Transparency.PLAIN, transparent);
        return new PictureHeader(PictureFormat.PNG, width, height, lies, body.toByteArray(), decoder);
    }

    /** A level of so many bits as libpng gives it: of 8 or 16 bits. */
    private static int stretched(int level, int bits) {
        return bits < 8 ? level * 255 / ((1 << bits) - 1) : level;
    }

    private static void checkSum(PictureBytes png, int start, String name, int length)
            throws UnreadablePictureException {
        CRC32 sum = new CRC32();
        sum.update(png.array(), start + 4, length + 4);
        if (sum.getValue() != png.u32(start + 8L + length)) {
            throw png.corrupt("the checksum of its chunk " + name + " is wrong");
        }
    }
}
