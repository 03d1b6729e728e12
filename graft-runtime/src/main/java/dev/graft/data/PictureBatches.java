package dev.graft.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a list of pictures, batch by batch in the list's order. While a batch is worked on the next ones are
 * being decoded. Used by one thread; {@link #close} may come from another.
 */
public final class PictureBatches implements Iterator<PictureBatch>, AutoCloseable {
    private final List<PictureItem> items;
    private final int batchSize;
    private final Executor decoders;
    private final Queue<BatchSlot> ahead = new ArrayDeque<>();
    private @Nullable BatchSlot lent;
    private int scheduled;
    private int delivered;
    private volatile boolean cancelled;

    PictureBatches(List<PictureItem> items, int batchSize, List<BatchSlot> ring, Executor decoders) {
        this.items = items;
        this.batchSize = batchSize;
        this.decoders = decoders;
        ring.forEach(this::schedule);
    }

    @Override
    public boolean hasNext() {
        return delivered < items.size();
    }

    /**
     * The next batch, waiting for it if need be; the one before is taken back.
     *
     * @throws CancellationException when the pass was closed or the thread interrupted
     * @throws IllegalStateException when decoding failed for a reason that is not a picture's fault
     */
    @Override
    public PictureBatch next() {
        if (cancelled) {
            throw new CancellationException("the pass over the pictures is closed");
        }
        if (!hasNext()) {
            throw new NoSuchElementException("all " + items.size() + " pictures are delivered");
        }
        if (lent != null) {
            schedule(lent);
        }
        BatchSlot slot = ahead.remove();
        lent = slot;
        await(slot);
        Throwable failure = slot.failure();
        if (failure != null) {
            close();
            throw new IllegalStateException("loading pictures failed: " + failure, failure);
        }
        delivered = Math.min(items.size(), delivered + batchSize);
        return slot.batch();
    }

    private void await(BatchSlot slot) {
        try {
            slot.await();
        } catch (InterruptedException interrupted) {
            cancelled = true;
            Thread.currentThread().interrupt();
            throw new CancellationException("loading pictures was interrupted");
        }
        if (cancelled) {
            throw new CancellationException("the pass over the pictures was closed");
        }
    }

    private void schedule(BatchSlot slot) {
        int first = scheduled;
        int count = Math.min(batchSize, items.size() - first);
        if (count == 0) {
            return;
        }
        scheduled += count;
        slot.prepare(items.subList(first, first + count), first);
        ahead.add(slot);
        for (int i = 0; i < count; i++) {
            fill(slot, i);
        }
    }

    private void fill(BatchSlot slot, int index) {
        try {
            decoders.execute(() -> slot.fill(index, cancelled));
        } catch (RejectedExecutionException closed) {
            cancelled = true;
            // Counted as done, or whoever waits for the slot would wait for ever.
            slot.fill(index, true);
        }
    }

    /** Waits until nobody writes into the slots any more; false when the thread is interrupted before that. */
    boolean awaitIdle() {
        try {
            for (BatchSlot slot : ahead) {
                slot.await();
            }
            if (lent != null) {
                lent.await();
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops decoding; pictures in work are finished in the background. */
    @Override
    public void close() {
        cancelled = true;
    }
}
