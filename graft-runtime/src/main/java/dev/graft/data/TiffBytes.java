package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Has libtiff decompress the rows of a TIFF and nothing more: it gets the same strips or tiles under a directory that
 * calls every byte of a row a grey pixel. So its decoders are used for samples of any kind, whose meaning it or OpenCV
 * would mistake.
 */
final class TiffBytes {
    private static final int LONG = 4;
    private static final int ENTRY = 12;

    private TiffBytes() {}

    /** The rows of one plane, one pixel of 8 bits a byte or of 16 bits two bytes. */
    static Mat plane(byte[] file, TiffLayout layout, int plane) throws UnreadablePictureException {
        long rowBytes = layout.rowBytes(layout.storedWidth());
        boolean pairs = rowBytes % 2 == 0 && layout.rowBytes(layout.tileWidth) % 2 == 0;
        int columns = (int) (pairs ? rowBytes / 2 : rowBytes);
        Mat rows = OpenCv.imread("TIFF", disguised(file, layout, plane, pairs), OpenCv.UNCHANGED);
        int type = pairs ? opencv_core.CV_16UC1 : opencv_core.CV_8UC1;
        if (rows.cols() == columns && rows.rows() == layout.height && rows.type() == type) {
            return rows;
        }
        rows.close();
        throw failure(layout.compression);
    }

    private static UnreadablePictureException failure(int compression) {
        String name =
                switch (compression) {
                    case 34712 -> "JPEG 2000";
                    case 34887 -> "LERC";
                    case 34925 -> "LZMA";
                    case 50000, 34926 -> "ZSTD";
                    case 50001, 34927 -> "WebP";
                    case 50002, 52546 -> "JPEG XL";
                    default -> "";
                };
        return name.isEmpty()
                ? new UnreadablePictureException("corrupt or truncated TIFF")
                : new UnreadablePictureException(
                        "a TIFF with " + name + " compression, which is not read; save it with LZW");
    }

    private static byte[] disguised(byte[] file, TiffLayout layout, int plane, boolean pairs)
            throws UnreadablePictureException {
        int pieces = (int) layout.piecesPerPlane();
        int first = plane * pieces;
        int unit = pairs ? 2 : 1;
        Map<Integer, Long> tags = new TreeMap<>();
        tags.put(256, layout.rowBytes(layout.storedWidth()) / unit);
        tags.put(257, (long) layout.height);
        tags.put(258, 8L * unit);
        tags.put(259, (long) layout.compression);
        tags.put(262, (long) TiffLayout.BLACK_IS_ZERO);
        tags.put(266, (long) layout.fillOrder);
        tags.put(277, 1L);
        if (layout.tiled) {
            tags.put(322, layout.rowBytes(layout.tileWidth) / unit);
            tags.put(323, (long) layout.tileHeight);
        } else {
            tags.put(278, (long) layout.tileHeight);
        }
        int directory = file.length + (file.length & 1);
        int arrays = directory + 2 + ENTRY * (tags.size() + 2) + 4;
        long second = arrays + 4L * pieces;
        tags.put(layout.tiled ? 324 : 273, pieces == 1 ? layout.offsets[first] : arrays);
        tags.put(layout.tiled ? 325 : 279, pieces == 1 ? bytes(file, layout, first) : second);
        ByteBuffer body =
                ByteBuffer.allocate(Math.toIntExact(second + 4L * pieces)).order(ByteOrder.LITTLE_ENDIAN);
        body.put(file).put(0, new byte[] {'I', 'I', 42, 0}).putInt(4, directory).position(directory);
        body.putShort((short) tags.size());
        tags.forEach((tag, value) -> {
            boolean list = tag == 273 || tag == 279 || tag == 324 || tag == 325;
            body.putShort(tag.shortValue())
                    .putShort((short) LONG)
                    .putInt(list ? pieces : 1)
                    .putInt(value.intValue());
        });
        body.putInt(0);
        for (int i = 0; i < pieces; i++) {
            body.putInt((int) layout.offsets[first + i]);
        }
        for (int i = 0; i < pieces; i++) {
            body.putInt((int) bytes(file, layout, first + i));
        }
        return body.array();
    }

    /** How many bytes a strip or tile has; those of the last one may be promised too many. */
    private static long bytes(byte[] file, TiffLayout layout, int piece) throws UnreadablePictureException {
        long offset = layout.offsets[piece];
        if (offset < 0 || offset >= file.length) {
            throw new UnreadablePictureException("truncated TIFF: the file ends after " + file.length + " bytes");
        }
        long there = file.length - offset;
        long raw = layout.rowBytes(layout.tileWidth) * layout.tileHeight;
        long said = piece < layout.byteCounts.length ? layout.byteCounts[piece] : 0;
        return Math.min(there, said > 0 ? said : layout.compression == 1 ? raw : there);
    }
}
