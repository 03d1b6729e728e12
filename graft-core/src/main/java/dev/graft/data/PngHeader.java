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
    /** What makes up the pixels. libpng prints warnings about odd colour profiles and the like in the others. */
    private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private PngHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        Bytes png = new Bytes(file, ByteOrder.BIG_ENDIAN, "PNG");
        if (!png.startsWith(SIGNATURE + 4, "IHDR")) {
            throw png.corrupt("it does not begin with its header");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(file.length);
        body.write(file, 0, SIGNATURE);
        @Nullable Orientation orientation = null;
        long at = SIGNATURE;
        String name = "";
        while (!name.equals("IEND")) {
            if (at + AROUND_DATA > file.length) {
                throw png.truncated("no end chunk");
            }
            long length = png.u32(at);
            name = png.name(at + 4);
            long size = length + AROUND_DATA;
            int start = png.index(at, size);
            if (PIXELS.contains(name)) {
                checkSum(png, start, name, (int) length);
                body.write(file, start, (int) size);
            } else if (name.equals("eXIf") && orientation == null) {
                orientation = Orientation.ofExif(file, start + 8, start + 8 + (int) length);
            } else if (Character.isUpperCase(name.charAt(0))) {
                throw png.corrupt("unknown chunk '" + name + "', which it says is needed");
            }
            at += size;
        }
        int width = png.i32(SIGNATURE + 8);
        int height = png.i32(SIGNATURE + 12);
        return new PictureHeader(PictureFormat.PNG, width, height, orientation == null ? Orientation.UPRIGHT : orientation, body.toByteArray());
    }

    private static void checkSum(Bytes png, int start, String name, int length) throws UnreadablePictureException {
        CRC32 sum = new CRC32();
        sum.update(png.array(), start + 4, length + 4);
        if (sum.getValue() != png.u32(start + 8L + length)) {
            throw png.corrupt("the checksum of its chunk " + name + " is wrong");
        }
    }
}
