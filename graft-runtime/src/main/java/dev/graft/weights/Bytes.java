package dev.graft.weights;

import dev.graft.GraftException;
import dev.graft.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a weight file, mapped or in memory, addressed by 64-bit offsets. One mapping ends at 2 GiB, so a larger
 * file has one that begins at each GiB and reaches into the next: any slice up to a GiB lies wholly in one of them.
 */
public final class Bytes {
    private static final long WINDOW_STEP = 1L << 30;

    private final String description;
    private final @Nullable Path path;
    private final long start;
    private final long size;
    private final long step;
    private final List<ByteBuffer> windows;

    private Bytes(String description, @Nullable Path path, long start, long size, long step, List<ByteBuffer> windows) {
        this.description = description;
        this.path = path;
        this.start = start;
        this.size = size;
        this.step = step;
        this.windows = List.copyOf(windows);
    }

    public static Bytes of(String description, ByteBuffer content) {
        ByteBuffer window = content.slice().asReadOnlyBuffer();
        return new Bytes(description, null, 0, window.limit(), WINDOW_STEP, List.of(window));
    }

    /** Content that is not there, only its size: enough to check what a header says of it. */
    static Bytes ofSize(String description, long size) {
        return new Bytes(description, null, 0, size, WINDOW_STEP, List.of());
    }

    public static Bytes map(Path path) {
        return map(path, WINDOW_STEP);
    }

    public static Bytes map(Path path, long step) {
        if (!Files.isRegularFile(path)) {
            throw new GraftException(path + ": expected a file of weights, "
                    + (Files.isDirectory(path)
                            ? "found a folder; name a file in it"
                            : "found " + RegularFile.obstacle(path).orElse("no such file")));
        }
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            long longest = 2 * step - 1;
            List<ByteBuffer> windows = new ArrayList<>();
            long start = 0;
            do {
                windows.add(channel.map(MapMode.READ_ONLY, start, Math.min(size - start, longest)));
                start += step;
            } while (size > longest && start < size);
            return new Bytes(path.toString(), path, 0, size, step, windows);
        } catch (AccessDeniedException e) {
            throw new GraftException(path + ": no permission to read the file; check its owner and mode", e);
        } catch (IOException e) {
            throw new GraftException(path + ": the file cannot be read: " + e.getMessage(), e);
        }
    }

    public String description() {
        return description;
    }

    public long size() {
        return size;
    }

    /** The longest slice that is sure to be given wherever it begins. */
    public long longestSlice() {
        return windows.size() == 1 ? size : step;
    }

    /** Some bytes as a little-endian, read-only view. The caller has checked that they are within the file. */
    public ByteBuffer slice(long offset, long length) {
        int window = windows.size() == 1 ? 0 : (int) Math.min(offset / step, windows.size() - 1);
        return windows.get(window)
                .slice(Math.toIntExact(offset - window * step), Math.toIntExact(length))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A part of this content that is addressed from its own beginning. The caller has checked it as for a slice. */
    public Bytes part(long offset, long length) {
        return new Bytes(description, path, start + offset, length, step, List.of(slice(offset, length)));
    }

    /** Some bytes as a little-endian copy in direct memory. */
    ByteBuffer copy(long offset, long length) {
        ByteBuffer copy = ByteBuffer.allocateDirect(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        try (Reader reader = reader()) {
            reader.fill(copy, offset);
        }
        return copy.flip();
    }

    /** Opens the content for copying. What is copied out of a mapping would stay in memory twice, so a file is read. */
    Reader reader() {
        try {
            return new Reader(path == null ? null : FileChannel.open(path));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    final class Reader implements AutoCloseable {
        private final @Nullable FileChannel channel;

        private Reader(@Nullable FileChannel channel) {
            this.channel = channel;
        }

        /** Copies bytes from an offset on until the buffer is full. */
        void fill(ByteBuffer buffer, long offset) {
            if (channel == null) {
                buffer.put(slice(offset, buffer.remaining()));
                return;
            }
            try {
                for (long place = start + offset; buffer.hasRemaining(); ) {
                    int read = channel.read(buffer, place);
                    if (read < 0) {
                        throw fault("content", "the file was cut short while it was read; fetch it again");
                    }
                    place += read;
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void close() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }

    private GraftException unreadable(IOException e) {
        return new GraftException(description + ": the file cannot be read: " + e.getMessage(), e);
    }

    public boolean startsWith(String ascii) {
        return has(0, ascii);
    }

    public boolean has(int offset, String ascii) {
        if (size < offset + ascii.length()) {
            return false;
        }
        ByteBuffer start = slice(offset, ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            if ((start.get(i) & 0xff) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** What a user is told about this file: {@code file: where: problem}. */
    public GraftException fault(String where, String problem) {
        return new GraftException(description + ": " + where + ": " + problem);
    }
}
