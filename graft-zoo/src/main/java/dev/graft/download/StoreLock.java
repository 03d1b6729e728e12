package dev.graft.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps two downloads of one file apart, in one process and in several. The lock file is shared by all files of a store
 * and never deleted, since another process may be waiting at it; each file has a byte of it, told by its name's hash.
 */
final class StoreLock implements AutoCloseable {
    // A process has a file locked as a whole: closing any channel to it frees what another thread has locked.
    private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();
    private static final long POLL_MILLISECONDS = 100;

    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits until nobody else downloads the file. */
    static StoreLock take(Path store, String name, DownloadListener listener) throws IOException, InterruptedException {
        if (!WITHIN_PROCESS.tryLock()) {
            listener.waiting();
            WITHIN_PROCESS.lockInterruptibly();
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(store.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long place = name.hashCode() & 0x7fffffffL;
            FileLock lock = channel.tryLock(place, 1, false);
            if (lock == null) {
                listener.waiting();
            }
            while (lock == null) {
                Thread.sleep(POLL_MILLISECONDS);
                lock = channel.tryLock(place, 1, false);
            }
            taken = true;
            return new StoreLock(channel);
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                WITHIN_PROCESS.unlock();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            WITHIN_PROCESS.unlock();
        }
    }
}
