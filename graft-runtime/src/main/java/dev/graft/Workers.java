package dev.graft;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share out numbered tasks. The first failure ends all and reaches the caller. They may be
 * closed by any thread: tasks that have begun are finished, then {@link #forEach} throws an {@link IllegalStateException}.
 */
public final class Workers implements AutoCloseable {
    private final ExecutorService executor;
    private final int threads;
    private volatile boolean closed;

    public Workers(int threads) {
        this.threads = threads;
        AtomicInteger number = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "graft-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs the task for each number below {@code count} and returns when all are done.
     *
     * @throws IllegalStateException if these are closed before that
     */
    public void forEach(int count, IntConsumer task) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, count); i++) {
            Runnable share = () -> {
                try {
                    for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                        checkOpen();
                        task.accept(index);
                    }
                } catch (RuntimeException | Error e) {
                    next.set(count);
                    throw e;
                }
            };
            try {
                running.add(executor.submit(share));
            } catch (RejectedExecutionException e) {
                // Those that run already see to it that this is told, once they have ended.
                running.add(CompletableFuture.failedFuture(closed()));
            }
        }
        Throwable failure = null;
        for (Future<?> future : running) {
            Throwable ended = await(future, () -> next.set(count));
            failure = failure == null ? ended : failure;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /**
     * Waits to the end also when interrupted, since the caller will free what the tasks use.
     *
     * @return what the task failed with, or null
     */
    private static @Nullable Throwable await(Future<?> future, Runnable endSoon) {
        InterruptedException interrupted = null;
        while (true) {
            try {
                future.get();
                break;
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (InterruptedException e) {
                interrupted = e;
                endSoon.run();
            }
        }
        if (interrupted == null) {
            return null;
        }
        Thread.currentThread().interrupt();
        return new GraftException("interrupted", interrupted);
    }

    private void checkOpen() {
        if (closed) {
            throw closed();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the workers are closed; open others");
    }

    /** Not at once: what is dropped from the queue would never end for whoever waits for it. */
    @Override
    public void close() {
        closed = true;
        executor.shutdown();
    }
}
