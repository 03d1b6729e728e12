package dev.graft.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/** A TIFF whose rows were decompressed; what the samples mean is worked out here. */
final class TiffPicture implements DecodedPicture {
    private final TiffLayout layout;
    private final TiffSamples samples;
    private final List<Mat> planes = new ArrayList<>();
    private final List<ByteBuffer> memory = new ArrayList<>();
    /** The row whose levels are at hand. */
    private int current = -1;

    private final byte[] levels;

    private TiffPicture(TiffLayout layout) {
        this.layout = layout;
        this.samples = new TiffSamples(layout);
        this.levels = new byte[Math.multiplyExact(layout.width, layout.channels)];
    }

    static TiffPicture decode(byte[] file, TiffLayout layout) throws UnreadablePictureException {
        TiffPicture picture = new TiffPicture(layout);
        try {
            for (int plane = 0; plane < (layout.planar ? layout.channels : 1); plane++) {
                Mat rows = TiffBytes.plane(file, layout, plane);
                picture.planes.add(rows);
                picture.memory.add(
                        rows.data().capacity(rows.step() * rows.rows()).asByteBuffer());
            }
            picture.findRange();
            return picture;
        } catch (UnreadablePictureException | RuntimeException | Error failure) {
            picture.close();
            throw failure;
        }
    }

    private void findRange() {
        if (samples.needsRange()) {
            for (int y = 0; y < layout.height; y++) {
                for (int plane = 0; plane < planes.size(); plane++) {
                    samples.look(row(plane, y), plane);
                }
            }
            samples.settleRange();
        }
    }

    private byte[] row(int plane, int y) {
        byte[] row = samples.room();
        memory.get(plane).get(Math.toIntExact(y * planes.get(plane).step()), row, 0, row.length);
        samples.undoPrediction(row);
        return row;
    }

    @Override
    public int width() {
        return layout.width;
    }

    @Override
    public int height() {
        return layout.height;
    }

    @Override
    public void readRow(int y, int x, int count, byte[] out) {
        if (y != current) {
            for (int plane = 0; plane < planes.size(); plane++) {
                samples.levels(row(plane, y), levels, plane);
            }
            current = y;
        }
        for (int i = 0; i < count; i++) {
            toRgb((x + i) * layout.channels, out, 3 * i);
        }
    }

    private void toRgb(int from, byte[] out, int to) {
        int alpha = layout.alpha < 0 ? 255 : levels[from + layout.alpha] & 0xFF;
        for (int c = 0; c < 3; c++) {
            int value = colour(from, c);
            int weighted = layout.associated ? Math.min(value, alpha) * 255 : value * alpha;
            out[to + c] = (byte) ((weighted + 255 * (255 - alpha) + 127) / 255);
        }
    }

    private int colour(int from, int c) {
        int first = levels[from] & 0xFF;
        return switch (layout.photometric) {
            case TiffLayout.WHITE_IS_ZERO -> 255 - first;
            case TiffLayout.RGB -> levels[from + c] & 0xFF;
            case TiffLayout.PALETTE -> (int) (layout.palette[(c << layout.bits) + first] >> 8) & 0xFF;
            case TiffLayout.CMYK -> ((255 - (levels[from + c] & 0xFF)) * (255 - (levels[from + 3] & 0xFF)) + 127) / 255;
            default -> first;
        };
    }

    @Override
    public void close() {
        planes.forEach(Mat::close);
    }
}
