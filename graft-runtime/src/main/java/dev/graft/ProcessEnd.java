package dev.graft;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets the process end only between computations. At its end libtorch and ONNX Runtime destroy what they work with, and a
 * thread that is still computing then, because somebody pressed Ctrl-C in a training step, crashes the virtual machine.
 */
public final class ProcessEnd {
    /** A step takes less; a thread that ends the process from inside a computation would wait for itself. */
    private static final int MOST_SECONDS = 10;

    private static final ReentrantReadWriteLock COMPUTING = new ReentrantReadWriteLock();
    private static volatile boolean guarded;
    private static volatile boolean ending;

    private ProcessEnd() {}

    /** From now on the end of the process waits for what computes, and nothing begins to once it has begun. */
    public static synchronized void guard() {
        if (!guarded) {
            Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::await, "graft-end"));
            guarded = true;
        }
    }

    private static void await() {
        ending = true;
        try {
            // Never unlocked: who wants to compute waits until there is no process any more.
            boolean idle = COMPUTING.writeLock().tryLock(MOST_SECONDS, TimeUnit.SECONDS);
            if (!idle) {
                System.getLogger(ProcessEnd.class.getName())
                        .log(System.Logger.Level.DEBUG, "the process ends while a thread still computes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * This thread begins to compute; {@link #leave} ends that. A thread that computes already may always enter again.
     *
     * @throws IllegalStateException if the process ends and does not get to it: only what runs in its last moments, such as
     *     a hook of the user's, lives to see that
     */
    public static void enter() {
        if (!tryEnter()) {
            pause();
            throw new IllegalStateException("the process is ending; nothing is computed any more");
        }
    }

    /** Enters unless the process is ending. */
    public static boolean tryEnter() {
        return (!ending || COMPUTING.getReadHoldCount() > 0)
                && COMPUTING.readLock().tryLock();
    }

    public static void leave() {
        COMPUTING.readLock().unlock();
    }

    private static void pause() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        boolean interrupted = false;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
