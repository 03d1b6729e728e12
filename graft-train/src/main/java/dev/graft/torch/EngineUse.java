package dev.graft.torch;

import java.util.ArrayList;
import java.util.List;

/**
 * The time that a thread computes with an {@link Engine}.
 *
 * <p>libtorch keeps by thread how many threads an operation may use. OpenBLAS, which multiplies matrices for it, has one
 * number for the process: that of the use that began last of those that are open.
 */
public final class EngineUse implements AutoCloseable {
    private static final List<EngineUse> OPEN = new ArrayList<>();

    private final int threads;
    private final int before;
    private final Thread thread = Thread.currentThread();
    private boolean closed;

    EngineUse(int threads) {
        this.threads = threads;
        this.before = Torch.threads();
        synchronized (OPEN) {
            OPEN.add(this);
            Torch.setThreads(threads);
            Torch.setBlasThreads(threads);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("an engine's use is closed on the thread that opened it");
        }
        closed = true;
        synchronized (OPEN) {
            OPEN.remove(this);
            Torch.setThreads(before);
            if (!OPEN.isEmpty()) {
                Torch.setBlasThreads(OPEN.get(OPEN.size() - 1).threads);
            }
        }
    }
}
