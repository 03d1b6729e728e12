package dev.graft.data;

import java.util.Arrays;

/** A picture that covers only a part of its canvas; the rest is white. */
record FrameOnCanvas(DecodedPicture frame, int left, int top, int width, int height) implements DecodedPicture {
    private static final byte WHITE = (byte) 255;

    @Override
    public void readRow(int y, int x, int count, byte[] out) {
        Arrays.fill(out, 0, 3 * count, WHITE);
        int from = Math.max(x, left);
        int to = Math.min(x + count, left + frame.width());
        if (y < top || y >= top + frame.height() || from >= to) {
            return;
        }
        byte[] covered = new byte[3 * (to - from)];
        frame.readRow(y - top, from - left, to - from, covered);
        System.arraycopy(covered, 0, out, 3 * (from - x), covered.length);
    }

    @Override
    public void close() {
        frame.close();
    }
}
