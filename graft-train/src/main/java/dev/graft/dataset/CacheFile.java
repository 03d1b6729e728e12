package dev.graft.dataset;

import dev.graft.FileBlocks;
import dev.graft.Sha256;
import dev.graft.WholeFile;
import dev.graft.Workers;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A file of examples, written once and never changed. It is opened again for each read, so that nobody has to close it.
 * Little-endian:
 *
 * <pre>
 * "GRFTDATA"                                       8 bytes
 * example 0 … example n-1                          see {@link #encode}
 * n × (position 8, bytes 4, crc32c 4)              the index
 * fingerprint 32, n 4, crc32c of all this 4        the trailer; the crc covers index, fingerprint and n
 * </pre>
 */
final class CacheFile {
    private static final byte[] MAGIC = "GRFTDATA".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRY_BYTES = Long.BYTES + 2 * Integer.BYTES;
    private static final int TRAILER_BYTES = Sha256.BYTES + 2 * Integer.BYTES;
    private static final int MADE_AT_ONCE = 32;

    private final Path file;
    private final ByteBuffer index;

    private CacheFile(Path file, ByteBuffer index) {
        this.file = file;
        this.index = index;
    }

    /** Whether a file begins as these do, or is empty; others are not ours to replace. */
    static boolean isOurs(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            return size == 0
                    || (size >= MAGIC.length
                            && FileBlocks.read(channel, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC)));
        }
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it is not whole, or holds other examples than the fingerprint says
     */
    static CacheFile open(Path file, byte[] fingerprint, int examples) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long indexBytes = (long) examples * ENTRY_BYTES;
            long start = channel.size() - TRAILER_BYTES - indexBytes;
            if (start < MAGIC.length || indexBytes > Integer.MAX_VALUE - TRAILER_BYTES) {
                throw new IOException("too short");
            }
            ByteBuffer end = FileBlocks.read(channel, start, (int) indexBytes + TRAILER_BYTES);
            byte[] found = new byte[Sha256.BYTES];
            end.get((int) indexBytes, found);
            int count = end.getInt(end.limit() - 2 * Integer.BYTES);
            int crc = end.getInt(end.limit() - Integer.BYTES);
            if (count != examples || !Arrays.equals(found, fingerprint)) {
                throw new IOException("made of other examples");
            }
            if (crc != FileBlocks.crc32c(end.slice(0, end.limit() - Integer.BYTES))) {
                throw new IOException("damaged index");
            }
            return new CacheFile(file, end);
        }
    }

    /** Makes all examples, a few at a time on several threads, and writes them. */
    static void write(Path file, byte[] fingerprint, int examples, IntFunction<Example> make, int threads) {
        WholeFile.at(file).write(out -> {
            byte[] end = new byte[Math.multiplyExact(examples, ENTRY_BYTES) + TRAILER_BYTES];
            ByteBuffer index = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
            out.write(MAGIC);
            long position = MAGIC.length;
            try (Workers workers = new Workers(threads)) {
                for (int first = 0; first < examples; first += MADE_AT_ONCE) {
                    int from = first;
                    byte[][] made = new byte[Math.min(MADE_AT_ONCE, examples - first)][];
                    workers.forEach(made.length, i -> made[i] = encode(make.apply(from + i)));
                    for (byte[] example : made) {
                        index.putLong(position).putInt(example.length).putInt(FileBlocks.crc32c(example));
                        out.write(example);
                        position += example.length;
                    }
                }
            }
            index.put(fingerprint).putInt(examples);
            index.putInt(FileBlocks.crc32c(index.slice(0, index.position())));
            out.write(end);
        });
    }

    /** @throws IOException if the file is damaged, or another one than was opened */
    Example read(int example) throws IOException {
        int entry = example * ENTRY_BYTES;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = FileBlocks.read(channel, index.getLong(entry), index.getInt(entry + Long.BYTES));
            if (FileBlocks.crc32c(bytes) != index.getInt(entry + Long.BYTES + Integer.BYTES)) {
                throw new IOException("damaged example");
            }
            return decode(bytes);
        }
    }

    /** Weight, numbers of inputs and targets, then of each its rank, sizes and values. */
    private static byte[] encode(Example example) {
        List<HostTensor> tensors = new ArrayList<>(example.inputs());
        tensors.addAll(example.targets());
        int bytes = 3 * Integer.BYTES;
        for (HostTensor tensor : tensors) {
            int numbers = Math.addExact(1 + tensor.shape().rank(), tensor.elements());
            bytes = Math.addExact(bytes, Math.multiplyExact(numbers, Integer.BYTES));
        }
        byte[] encoded = new byte[bytes];
        ByteBuffer out = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        out.putFloat(example.weight());
        out.putInt(example.inputs().size()).putInt(example.targets().size());
        for (HostTensor tensor : tensors) {
            out.putInt(tensor.shape().rank());
            for (int size : tensor.shape().sizes()) {
                out.putInt(size);
            }
            out.slice(out.position(), tensor.elements() * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(tensor.values());
            out.position(out.position() + tensor.elements() * Float.BYTES);
        }
        return encoded;
    }

    private static Example decode(ByteBuffer in) {
        float weight = in.getFloat();
        int inputs = in.getInt();
        int targets = in.getInt();
        List<HostTensor> tensors = new ArrayList<>();
        for (int i = 0; i < inputs + targets; i++) {
            int[] sizes = new int[in.getInt()];
            for (int axis = 0; axis < sizes.length; axis++) {
                sizes[axis] = in.getInt();
            }
            Shape shape = new Shape(sizes);
            int bytes = (int) shape.elements() * Float.BYTES;
            ByteBuffer values = in.slice(in.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
            tensors.add(HostTensors.readOnly(new HostTensor(shape, values.asFloatBuffer())));
            in.position(in.position() + bytes);
        }
        return new Example(tensors.subList(0, inputs), tensors.subList(inputs, tensors.size()), weight);
    }
}
