package dev.graft;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets something native be closed at any moment and by any thread. Whoever works with it says so:
 *
 * <pre>{@code
 * private final Closing closing = Closing.of("the session", session::free);
 *
 * void run() {
 *     try (var use = closing.use()) {
 *         session.run();
 *     }
 * }
 * }</pre>
 *
 * <p>After {@link #close} no use begins: an {@link IllegalStateException} says what is closed. Uses that have begun end as
 * if nothing had happened, and the last of them frees. So closing never waits: it may come from inside a use, from a thread
 * that is interrupted, or twice.
 */
public final class Closing implements AutoCloseable {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final String what;
    private final Runnable free;
    /** How many uses there are; negative once it is closed. */
    private final AtomicInteger uses = new AtomicInteger();

    private Closing(String what, Runnable free) {
        this.what = what;
        this.free = free;
    }

    /**
     * Guards something.
     *
     * @param what it is, for messages: {@code the classifier flowers.graft}
     * @param free is called once, when it is closed and nobody uses it any more
     */
    public static Closing of(String what, Runnable free) {
        return new Closing(what, free);
    }

    /** Until it is closed, what is guarded stays. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Begins a use; close it.
     *
     * @throws IllegalStateException if it is closed
     */
    public Use use() {
        ProcessEnd.enter();
        if (uses.getAndUpdate(count -> count < 0 ? count : count + 1) < 0) {
            ProcessEnd.leave();
            throw closed();
        }
        return this::leave;
    }

    private void leave() {
        try {
            if (uses.decrementAndGet() == CLOSED) {
                free.run();
            }
        } finally {
            ProcessEnd.leave();
        }
    }

    /**
     * Looks whether it is open, for what is not harmed by being closed in the middle.
     *
     * @throws IllegalStateException if it is closed
     */
    public void check() {
        if (isClosed()) {
            throw closed();
        }
    }

    public boolean isClosed() {
        return uses.get() < 0;
    }

    private IllegalStateException closed() {
        return new IllegalStateException(what + " is closed; open it again to use it");
    }

    /** Closes; without effect if it is closed already. At the end of the process nothing is freed: it all goes anyway. */
    @Override
    public void close() {
        if (uses.getAndUpdate(count -> count | CLOSED) == 0 && ProcessEnd.tryEnter()) {
            try {
                free.run();
            } finally {
                ProcessEnd.leave();
            }
        }
    }
}
