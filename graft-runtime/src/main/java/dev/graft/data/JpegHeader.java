package dev.graft.data;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Walks the segments of a JPEG file up to the picture data (ITU-T T.81, annex B), as forgivingly as libjpeg does. */
final class JpegHeader {
    static final int END_OF_IMAGE = 0xD9;
    static final int START_OF_SCAN = 0xDA;
    private static final int NUMBER_OF_LINES = 0xDC;
    private static final int APP1 = 0xE1;
    private static final int EXIF_LABEL = 6;

    private JpegHeader() {}

    static PictureHeader read(byte[] file) throws UnreadablePictureException {
        PictureBytes jpeg = new PictureBytes(file, ByteOrder.BIG_ENDIAN, "JPEG");
        @Nullable Orientation orientation = null;
        @Nullable JpegFrame frame = null;
        for (int at = nextMarker(jpeg, 2); ; at = nextMarker(jpeg, after(jpeg, at))) {
            int marker = jpeg.u8(at + 1L);
            if (marker == END_OF_IMAGE) {
                throw jpeg.corrupt("it ends without a picture");
            }
            if (JpegFrame.begins(marker)) {
                frame = JpegFrame.read(jpeg, marker, at);
            } else if (marker == APP1 && orientation == null && jpeg.startsWith(at + 4L, "Exif\0")) {
                int end = after(jpeg, at);
                orientation = Orientation.ofExif(file, Math.min(end, at + 4 + EXIF_LABEL), end);
            } else if (marker == START_OF_SCAN) {
                if (frame == null) {
                    throw jpeg.corrupt("it has no frame header");
                }
                int height = frame.height() == 0 ? lateHeight(jpeg, after(jpeg, at)) : frame.height();
                Orientation lies = orientation == null ? Orientation.UPRIGHT : orientation;
                return new PictureHeader(PictureFormat.JPEG, frame.width(), height, lies, file);
            }
        }
    }

    /** Where the next marker stands, from {@code from} on; what is none is passed over. */
    static int nextMarker(PictureBytes jpeg, int from) throws UnreadablePictureException {
        int at = jpeg.nextMarker(from);
        if (at < 0) {
            throw jpeg.truncated("no picture data");
        }
        return at;
    }

    /** Where the segment ends whose marker stands at {@code at}; it must be there as a whole. */
    static int after(PictureBytes jpeg, int at) throws UnreadablePictureException {
        if (standsAlone(jpeg.u8(at + 1L))) {
            return at + 2;
        }
        int length = Math.max(2, jpeg.u16(at + 2L));
        return jpeg.index(at + 2L, length) + length;
    }

    /** Restart markers, those of beginning and end, and one for private use, have no length after them. */
    static boolean standsAlone(int marker) {
        return (marker >= 0xD0 && marker <= 0xD9) || marker == 0x01;
    }

    /** A scanner that does not know how long the sheet is says so after the first scan (DNL); 0 when it does not. */
    private static int lateHeight(PictureBytes jpeg, int scan) throws UnreadablePictureException {
        for (int at = jpeg.nextMarker(scan); at >= 0; at = jpeg.nextMarker(at + 2)) {
            if (jpeg.u8(at + 1L) == NUMBER_OF_LINES) {
                return jpeg.u16(at + 4L);
            }
        }
        return 0;
    }
}
