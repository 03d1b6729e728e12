package dev.graft.data;

/**
 * A bitmap whose pixels are numbers of 16 or 32 bits, in which masks find the colours and the transparency.
 *
 * @param pixels where the first stored row begins
 * @param bytes of one pixel
 * @param masks of red, green, blue and transparency; 0 where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BmpMasks(int width, int height, boolean topDown, int pixels, int bytes, long[] masks) {
    DecodedPicture of(byte[] file) {
        return new Picture(file);
    }

    private final class Picture implements DecodedPicture {
        private final byte[] file;

        Picture(byte[] file) {
            this.file = file;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public int height() {
            return height;
        }

        @Override
        public void readRow(int y, int x, int count, byte[] out) {
            int rowBytes = (width * bytes + 3) / 4 * 4;
            int row = pixels + (topDown ? y : height - 1 - y) * rowBytes;
            for (int i = 0; i < count; i++) {
                long pixel = 0;
                for (int b = bytes - 1; b >= 0; b--) {
                    pixel = pixel << 8 | (file[row + (x + i) * bytes + b] & 0xFF);
                }
                int alpha = masks[3] == 0 ? 255 : level(pixel, masks[3]);
                for (int c = 0; c < 3; c++) {
                    out[3 * i + c] = (byte) ((level(pixel, masks[c]) * alpha + 255 * (255 - alpha) + 127) / 255);
                }
            }
        }

        private int level(long pixel, long mask) {
            if (mask == 0) {
                return 0;
            }
            int shift = Long.numberOfTrailingZeros(mask);
            long most = mask >> shift;
            return (int) ((((pixel & mask) >> shift) * 255 + most / 2) / most);
        }

        @Override
        public void close() {}
    }
}
