package dev.graft.data;

import java.nio.ByteOrder;

/** Walks the segments of a JPEG file up to the picture data (ITU-T T.81, annex B). */
final class JpegHeader {
    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int APP1 = 0xE1;
    private static final int EXIF_LABEL = 6;

    private JpegHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        Bytes jpeg = new Bytes(file, ByteOrder.BIG_ENDIAN, "JPEG");
        Orientation orientation = Orientation.UPRIGHT;
        int width = 0;
        int height = 0;
        long at = 2;
        while (true) {
            int marker = jpeg.u8(at + 1);
            if (jpeg.u8(at) != 0xFF) {
                throw jpeg.corrupt("no marker at byte " + at);
            }
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == END_OF_IMAGE) {
                throw jpeg.corrupt("it ends without a picture");
            }
            if (standsAlone(marker)) {
                at += 2;
                continue;
            }
            int length = jpeg.u16(at + 2);
            int end = jpeg.index(at + 2, length) + length;
            if (isFrame(marker)) {
                height = jpeg.u16(at + 5);
                width = jpeg.u16(at + 7);
            } else if (marker == APP1 && jpeg.startsWith(at + 4, "Exif\0")) {
                orientation = Orientation.ofExif(file, Math.min(end, (int) at + 4 + EXIF_LABEL), end);
            } else if (marker == START_OF_SCAN) {
                requireEnd(jpeg, end);
                return new PictureHeader(PictureFormat.JPEG, width, height, orientation, file);
            }
            at = Math.max(end, at + 2);
        }
    }

    /** Restart markers, and one for private use, have no length behind them. */
    static boolean standsAlone(int marker) {
        return (marker >= 0xD0 && marker <= 0xD7) || marker == 0x01;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** A picture that was cut off decodes to a grey half; what may follow the end marker does no harm. */
    private static void requireEnd(Bytes jpeg, int scan) throws UnreadablePictureException {
        byte[] file = jpeg.array();
        for (int i = file.length - 2; i >= scan; i--) {
            if (file[i + 1] == (byte) END_OF_IMAGE && file[i] == (byte) 0xFF) {
                return;
            }
        }
        throw jpeg.truncated("no end marker");
    }
}
