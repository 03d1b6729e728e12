package dev.graft.tensor;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets the process end only between computations. At its end libtorch destroys what it works with, and a thread that is
 * still computing then, because somebody pressed Ctrl-C in a training step, crashes the virtual machine.
 */
final class ProcessEnd {
    /** A step takes less; a thread that ends the process from inside a scope would wait for itself. */
    private static final int MOST_SECONDS = 10;

    private static final ReentrantReadWriteLock COMPUTING = new ReentrantReadWriteLock();

    private ProcessEnd() {}

    /** From now on the end of the process waits for open scopes, and no scope opens once it has begun. */
    static void guard() {
        Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::await, "graft-end"));
    }

    private static void await() {
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

    /** The outermost scope of a thread opens. */
    static void enter() {
        COMPUTING.readLock().lock();
    }

    /** It closed. */
    static void leave() {
        COMPUTING.readLock().unlock();
    }
}
