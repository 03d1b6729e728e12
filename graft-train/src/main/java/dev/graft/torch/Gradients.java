package dev.graft.torch;

import org.bytedeco.pytorch.GradMode;

/** Whether operations on this thread are recorded for gradients; restored when closed. */
public final class Gradients implements AutoCloseable {
    private final boolean before;
    private final Thread thread = Thread.currentThread();
    private boolean closed;

    private Gradients(boolean enabled) {
        Torch.load();
        before = GradMode.is_enabled();
        GradMode.set_enabled(enabled);
    }

    /** Nothing is recorded until this is closed: for evaluation and for changing weights. */
    public static Gradients off() {
        return new Gradients(false);
    }

    /** Everything is recorded until this is closed. */
    static Gradients on() {
        return new Gradients(true);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("whether gradients are recorded is closed on the thread that opened it");
        }
        closed = true;
        GradMode.set_enabled(before);
    }
}
