package dev.graft.data;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes lists of pictures on a pool of threads, in order and a few batches ahead of whoever uses them. The batches'
 * memory is taken once and used for all passes: it does not grow with the number of pictures or epochs. What comes out
 * does not depend on the number of threads. Close it, from any thread, to end the threads; a pass that is going on then ends
 * with a {@link java.util.concurrent.CancellationException}, as one that its own thread closes does.
 */
public final class PictureLoader implements AutoCloseable {
    private static final int IN_USE = 1;
    private static final int LEAST_AHEAD = 2;
    private static final int SECONDS_TO_FINISH = 60;
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    private final PictureReader reader;
    private final int batchSize;
    private final int ringSize;
    private final ExecutorService decoders;
    private List<BatchSlot> ring = List.of();
    private @Nullable PictureBatches pass;
    private volatile boolean closed;

    private PictureLoader(PictureReader reader, int batchSize, int threads) {
        this.reader = reader;
        this.batchSize = batchSize;
        this.ringSize = IN_USE + Math.max(LEAST_AHEAD, 1 + (threads - 1) / batchSize);
        this.decoders = Executors.newFixedThreadPool(threads, PictureLoader::decoderThread);
    }

    /**
     * A loader of batches of at most {@code batchSize} pictures.
     *
     * @param threads how many pictures are decoded at once
     */
    public static PictureLoader of(PictureReader reader, int batchSize, int threads) {
        if (batchSize < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "batch size and threads must be at least 1, got " + batchSize + " and " + threads);
        }
        return new PictureLoader(reader, batchSize, threads);
    }

    /**
     * Begins a pass over the items; one that is still going on ends.
     *
     * @throws IllegalStateException if this is closed
     */
    public synchronized PictureBatches load(List<PictureItem> items) {
        if (closed) {
            throw new IllegalStateException("the loader of pictures is closed; open it again to use it");
        }
        if (pass != null) {
            pass.close();
        }
        if (pass == null || !pass.awaitIdle()) {
            ring = IntStream.range(0, ringSize)
                    .mapToObj(i -> new BatchSlot(reader))
                    .toList();
        }
        pass = new PictureBatches(List.copyOf(items), batchSize, ring, decoders);
        return pass;
    }

    /** Ends the pass and the threads; waits for the pictures in work, which are finished within moments. */
    @Override
    public void close() {
        closed = true;
        PictureBatches current = pass();
        if (current != null) {
            current.close();
        }
        decoders.shutdown();
        try {
            decoders.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable PictureBatches pass() {
        return pass;
    }

    private static Thread decoderThread(Runnable work) {
        Thread thread = new Thread(work, "graft-decoder-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
