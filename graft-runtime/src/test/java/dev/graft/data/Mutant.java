package dev.graft.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Damages a file as disks, networks and ill will do. */
final class Mutant {
    private static final int[] EXTREMES = {0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, -1, 0x80000000, 0x10000};
    private static final int HEADER = 200;
    private static final int PNG_SIGNATURE = 8;

    private Mutant() {}

    static byte[] of(byte[] original, byte[] other, SplittableRandom random) {
        byte[] file = original.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && file.length > 8; changes--) {
            int reach = random.nextBoolean() ? Math.min(HEADER, file.length) : file.length;
            int at = random.nextInt(reach);
            file = change(file, other, at, random);
        }
        return random.nextInt(4) > 0 ? withPngSums(file) : file;
    }

    private static byte[] change(byte[] file, byte[] other, int at, SplittableRandom random) {
        int count = 1 + random.nextInt(Math.min(file.length - at, 1 << random.nextInt(12)));
        switch (random.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(file, Math.max(1, at));
            }
            case 1 -> {
                byte[] without = Arrays.copyOf(file, file.length - count);
                System.arraycopy(file, at + count, without, at, file.length - at - count);
                return without;
            }
            case 2 -> {
                byte[] twice = Arrays.copyOf(file, file.length + count);
                System.arraycopy(file, at, twice, at + count, file.length - at);
                return twice;
            }
            case 3 -> Arrays.fill(file, at, at + count, (byte) random.nextInt(-1, 2));
            case 4 -> {
                ByteBuffer extreme = ByteBuffer.allocate(4).putInt(EXTREMES[random.nextInt(EXTREMES.length)]);
                int bytes = Math.min(1 << random.nextInt(3), file.length - at);
                System.arraycopy(extreme.array(), 4 - bytes, file, at, bytes);
            }
            case 5 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 6 -> {
                int from = random.nextInt(other.length);
                System.arraycopy(other, from, file, at, Math.min(count, other.length - from));
            }
            default -> {
                for (int i = at; i < at + Math.min(count, 16); i++) {
                    file[i] = (byte) random.nextInt(256);
                }
            }
        }
        return file;
    }

    /** With right checksums, so that what lies after them is reached. */
    private static byte[] withPngSums(byte[] file) {
        if (file.length < PNG_SIGNATURE || file[1] != 'P' || file[2] != 'N') {
            return file;
        }
        ByteBuffer png = ByteBuffer.wrap(file);
        long at = PNG_SIGNATURE;
        while (at + 12 <= file.length) {
            long length = png.getInt((int) at) & 0xFFFFFFFFL;
            if (at + 12 + length > file.length) {
                break;
            }
            CRC32 sum = new CRC32();
            sum.update(file, (int) at + 4, (int) length + 4);
            png.putInt((int) (at + 8 + length), (int) sum.getValue());
            at += 12 + length;
        }
        return file;
    }
}
