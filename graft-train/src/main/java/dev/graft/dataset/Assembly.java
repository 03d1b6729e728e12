package dev.graft.dataset;

import dev.graft.GraftException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One batch in the making: each example is made by whatever thread is free, the last one puts them together. */
final class Assembly {
    private final Batched plan;
    private final int epoch;
    private final int number;
    private final int first;
    private final BatchBuffers buffers;
    private final @Nullable Throwable[] failures;
    private final AtomicInteger missing;
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable Throwable failure;
    private @Nullable Batch batch;

    /**
     * Begins a batch.
     *
     * @param number of the batch in the pass, from 0
     * @param buffers used by no other batch until this one was taken back
     */
    Assembly(Batched plan, int epoch, int number, BatchBuffers buffers) {
        this.plan = plan;
        this.epoch = epoch;
        this.number = number;
        this.first = number * plan.batchSize();
        this.buffers = buffers;
        int count = Math.min(plan.batchSize(), plan.size() - first);
        buffers.begin(count);
        this.failures = new @Nullable Throwable[count];
        this.missing = new AtomicInteger(count);
    }

    int count() {
        return failures.length;
    }

    BatchBuffers buffers() {
        return buffers;
    }

    /** Makes one example; called exactly once for each. */
    void make(int row, boolean cancelled) {
        try {
            if (cancelled) {
                failures[row] = new CancellationException("the pass over the data set was closed");
            } else {
                plan.dataset().put(first + row, epoch, row, buffers);
            }
        } catch (Throwable failed) {
            failures[row] = failed;
        } finally {
            if (missing.decrementAndGet() == 0) {
                finish();
            }
        }
    }

    private void finish() {
        try {
            failure = Arrays.stream(failures)
                    .filter(failed -> failed != null)
                    .findFirst()
                    .orElse(null);
            if (failure == null) {
                batch = assemble();
            }
        } catch (Throwable failed) {
            failure = failed;
        } finally {
            done.countDown();
        }
    }

    private Batch assemble() {
        Batch made = buffers.batch(row -> plan.dataset().name(first + row, epoch));
        return MappedBatches.changed(made, plan.maps(), epoch, number);
    }

    /** Waits for the batch. */
    Batch await() throws InterruptedException {
        done.await();
        Throwable failed = failure;
        if (failed instanceof GraftException told) {
            throw new GraftException(String.valueOf(told.getMessage()), told);
        }
        if (failed instanceof CancellationException closed) {
            throw closed;
        }
        Batch made = batch;
        if (failed != null || made == null) {
            throw new IllegalStateException("epoch " + epoch + ", batch " + number + ": " + failed, failed);
        }
        return made;
    }
}
