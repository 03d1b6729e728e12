package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** A picture as OpenCV decoded it. */
final class MatPicture implements DecodedPicture {
    static final int NO_KEY = -1;

    private final Mat pixels;
    private final ByteBuffer memory;
    private final long step;
    private final int channels;
    private final boolean deep;
    private final boolean rgb;
    private final Transparency transparency;

    /** The grey level that is transparent. */
    private final int greyKey;

    private byte[] stored = {};

    private MatPicture(Mat pixels, Transparency transparency, boolean rgb, int greyKey) {
        this.pixels = pixels;
        this.step = pixels.step();
        this.memory =
                pixels.data().capacity(step * pixels.rows()).asByteBuffer().order(ByteOrder.nativeOrder());
        this.channels = pixels.channels();
        this.deep = pixels.depth() == opencv_core.CV_16U;
        this.rgb = rgb;
        this.greyKey = pixels.channels() == 1 ? greyKey : NO_KEY;
        this.transparency = transparency;
    }

    /**
     * Takes over the pixels.
     *
     * @param transparency what a fourth channel means
     * @param rgb whether the order of the channels is red first; blue first otherwise
     * @param greyKey the level of a grey picture, as it is decoded, that is transparent; {@link #NO_KEY} for none
     */
    static MatPicture of(Mat pixels, Transparency transparency, boolean rgb, int greyKey)
            throws UnreadablePictureException {
        boolean known = pixels.depth() == opencv_core.CV_8U || pixels.depth() == opencv_core.CV_16U;
        if (!known || pixels.channels() == 2 || pixels.channels() > 4) {
            throw new UnreadablePictureException("unsupported kind of pixels; save it with 8 or 16 bits a channel");
        }
        return new MatPicture(pixels, transparency, rgb, greyKey);
    }

    @Override
    public int width() {
        return pixels.cols();
    }

    @Override
    public int height() {
        return pixels.rows();
    }

    @Override
    public void readRow(int y, int x, int count, byte[] out) {
        int pixelBytes = channels * (deep ? 2 : 1);
        int start = Math.toIntExact(y * step + (long) x * pixelBytes);
        if (rgb && channels == 3) {
            memory.get(start, out, 0, count * 3);
            return;
        }
        int samples = count * channels;
        if (stored.length < samples) {
            stored = new byte[samples];
        }
        if (greyKey != NO_KEY) {
            readGreys(start, count, out);
            return;
        }
        if (deep) {
            for (int i = 0; i < samples; i++) {
                stored[i] = (byte) (((memory.getShort(start + 2 * i) & 0xFFFF) + 128) / 257);
            }
        } else {
            memory.get(start, stored, 0, samples);
        }
        toRgb(count, out);
    }

    private void readGreys(int start, int count, byte[] out) {
        for (int i = 0; i < count; i++) {
            int grey = deep ? memory.getShort(start + 2 * i) & 0xFFFF : memory.get(start + i) & 0xFF;
            byte level = (byte) (grey == greyKey ? 255 : deep ? (grey + 128) / 257 : grey);
            Arrays.fill(out, 3 * i, 3 * i + 3, level);
        }
    }

    private void toRgb(int count, byte[] out) {
        boolean multiplied = transparency == Transparency.MULTIPLIED && channels == 4;
        for (int i = 0; i < count; i++) {
            int from = i * channels;
            int alpha = channels == 4 && transparency != Transparency.NONE ? stored[from + 3] & 0xFF : 255;
            for (int c = 0; c < 3; c++) {
                int value = stored[channels == 1 ? from : from + 2 - c] & 0xFF;
                int weighted = multiplied ? Math.min(value, alpha) * 255 : value * alpha;
                out[3 * i + c] = (byte) ((weighted + 255 * (255 - alpha) + 127) / 255);
            }
        }
    }

    @Override
    public void close() {
        pixels.close();
    }
}
