package dev.graft.data;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Walks the chunks of a WebP file (RFC 9649). */
final class WebpHeader {
    private static final int FIRST_CHUNK = 12;

    private WebpHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        PictureBytes webp = new PictureBytes(file, ByteOrder.LITTLE_ENDIAN, "WebP");
        long end = webp.u32(4) + 8;
        if (end > file.length) {
            throw webp.truncated(file.length + " of " + end + " bytes");
        }
        int width = 0;
        int height = 0;
        @Nullable Orientation orientation = null;
        for (long at = FIRST_CHUNK; at + 8 <= end; ) {
            String name = webp.name(at);
            long length = webp.u32(at + 4);
            int data = webp.index(at + 8, length);
            if (width == 0) {
                // the first chunk carries the size of the whole canvas
                switch (name) {
                    case "VP8X" -> {
                        width = 1 + (webp.i32(data + 4L) & 0xFF_FFFF);
                        height = 1 + (webp.i32(data + 6L) >>> 8);
                    }
                    case "VP8L" -> {
                        int bits = webp.i32(data + 1L);
                        width = 1 + (bits & 0x3FFF);
                        height = 1 + ((bits >>> 14) & 0x3FFF);
                    }
                    case "VP8 " -> {
                        width = webp.u16(data + 6L) & 0x3FFF;
                        height = webp.u16(data + 8L) & 0x3FFF;
                    }
                    default -> throw webp.corrupt("unknown first chunk " + PictureBytes.quoted(name));
                }
            } else if (name.equals("EXIF") && orientation == null) {
                orientation = Orientation.ofExif(file, data, data + (int) length);
            }
            at += 8 + length + (length & 1);
        }
        Orientation lies = orientation == null ? Orientation.UPRIGHT : orientation;
        return new PictureHeader(PictureFormat.WEBP, width, height, lies, file);
    }
}
