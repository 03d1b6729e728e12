package dev.graft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Parts of binary files: read whole, little-endian, checked by CRC-32C. */
public final class FileBlocks {
    private FileBlocks() {}

    /**
     * So many bytes from a position on, wherever the channel stands.
     *
     * @throws IOException if the file is shorter, or the numbers, which a damaged file may have given, are below 0
     */
    public static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        if (position < 0 || bytes < 0 || position > channel.size() - bytes) {
            throw new IOException("too short");
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("too short");
            }
        }
        return buffer.flip();
    }

    /** The CRC-32C of what remains of a buffer, which stays as it is. */
    public static int crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    public static int crc32c(byte[] bytes) {
        return crc32c(ByteBuffer.wrap(bytes));
    }
}
