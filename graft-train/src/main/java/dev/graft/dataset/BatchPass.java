package dev.graft.dataset;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One pass over a data set, in order, while threads of its own make the next batches. */
final class BatchPass implements Batches.Reader {
    private static final int SECONDS_TO_FINISH = 60;
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    private final Batched plan;
    private final int epoch;
    private final ExecutorService workers;
    private final Set<Thread> own = ConcurrentHashMap.newKeySet();
    private final List<BatchBuffers> memory = new ArrayList<>();
    private final Queue<BatchBuffers> free = new ArrayDeque<>();
    private final Queue<Assembly> ahead = new ArrayDeque<>();
    private @Nullable Assembly lent;
    private int begun;
    private volatile boolean closed;
    private boolean ended;

    /** @param passed how many batches it does not make */
    BatchPass(Batched plan, int epoch, int passed) {
        this.plan = plan;
        this.epoch = epoch;
        this.begun = passed;
        this.workers = Executors.newFixedThreadPool(plan.threads(), this::thread);
        for (int i = 0; i <= plan.prefetch(); i++) {
            memory.add(plan.takeBuffers());
        }
        free.addAll(memory);
        begin(plan.prefetch());
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "graft-dataset-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        own.add(thread);
        return thread;
    }

    /** Begins batches until so many are ahead, as far as there are any left. */
    private void begin(int wanted) {
        while (ahead.size() < wanted && begun < plan.count()) {
            Assembly batch = new Assembly(plan, epoch, begun++, free.remove());
            ahead.add(batch);
            for (int row = 0; row < batch.count(); row++) {
                int index = row;
                start(() -> batch.make(index, closed));
            }
        }
    }

    private void start(Runnable work) {
        try {
            workers.execute(work);
        } catch (RejectedExecutionException refused) {
            throw new CancellationException("the pass over the data set was closed");
        }
    }

    /**
     * The next batch, or null at the end; its memory holds until the next call.
     *
     * @throws dev.graft.GraftException if an example of it cannot be made; the pass is then closed
     * @throws CancellationException if the pass was closed or the thread is interrupted
     */
    @Override
    public @Nullable Batch next() {
        if (ended) {
            return null;
        }
        if (closed) {
            throw new CancellationException("the pass over the data set is closed");
        }
        if (lent != null) {
            free.add(lent.buffers());
            lent = null;
        }
        begin(plan.prefetch() + 1);
        Assembly next = ahead.poll();
        if (next == null) {
            ended = true;
            close();
            return null;
        }
        lent = next;
        return await(next);
    }

    private Batch await(Assembly next) {
        try {
            Batch batch = next.await();
            if (closed) {
                throw new CancellationException("the pass over the data set was closed");
            }
            return batch;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new CancellationException("reading the data set was interrupted");
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** Ends the threads, after the examples they are at; may be called again, and by another thread. */
    @Override
    public void close() {
        synchronized (workers) {
            if (closed) {
                return;
            }
            closed = true;
        }
        // no interrupts: they would close files under maps and caches
        workers.shutdown();
        if (own.contains(Thread.currentThread())) {
            // A function that makes examples closed the pass: it cannot wait for itself, and the buffers are lost.
            return;
        }
        try {
            if (workers.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                memory.forEach(plan::giveBack);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
