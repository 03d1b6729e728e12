package dev.graft.data;

import java.io.ByteArrayOutputStream;

/** LZW that begins anew before its codes grow longer: correct, if useless. */
final class LzwMaker {
    private LzwMaker() {}

    /** As in TIFF: codes of 9 bits, the highest bit first. */
    static byte[] tiff(byte[] raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (int i = 0; i <= raw.length; i++) {
            int[] codes = i == raw.length
                    ? new int[] {257}
                    : i % 200 == 0 ? new int[] {256, raw[i] & 0xFF} : new int[] {raw[i] & 0xFF};
            for (int code : codes) {
                held = held << 9 | code;
                bits += 9;
                while (bits >= 8) {
                    out.write(held >> (bits - 8));
                    bits -= 8;
                }
                held &= (1 << bits) - 1;
            }
        }
        out.write(held << (8 - bits));
        return out.toByteArray();
    }

    /** As in GIF with 8 bits a pixel: codes of 9 bits, the lowest bit first, in blocks. */
    static byte[] gif(byte[] raw) {
        ByteArrayOutputStream codes = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (int i = 0; i <= raw.length; i++) {
            int[] next = i == raw.length
                    ? new int[] {257}
                    : i % 200 == 0 ? new int[] {256, raw[i] & 0xFF} : new int[] {raw[i] & 0xFF};
            for (int code : next) {
                held |= code << bits;
                bits += 9;
                while (bits >= 8) {
                    codes.write(held);
                    held >>= 8;
                    bits -= 8;
                }
            }
        }
        codes.write(held);
        byte[] all = codes.toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(8);
        for (int at = 0; at < all.length; at += 255) {
            int count = Math.min(255, all.length - at);
            out.write(count);
            out.write(all, at, count);
        }
        out.write(0);
        return out.toByteArray();
    }
}
