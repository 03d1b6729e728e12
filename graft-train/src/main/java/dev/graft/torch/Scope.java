package dev.graft.torch;

import dev.graft.ProcessEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Owns the native tensors made while it is the innermost open scope of its thread, and frees them when it closes.
 *
 * <pre>{@code
 * try (var scope = Scope.open()) {
 *     Tensor loss = ...;      // everything made on the way is freed at the end, also after an exception
 *     return loss.item();
 * }
 * }</pre>
 *
 * <p>What must survive is taken out with {@link Tensor#keep}; its holder then closes it. Native temporaries that are not
 * tensors (argument lists, options) belong to the scope as well. A scope belongs to the thread that opened it.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();
    private static final AtomicLong LIVE = new AtomicLong();

    private final @Nullable Scope outer = INNERMOST.get();
    private final Thread thread = Thread.currentThread();
    private final PointerScope pointers;
    private final List<Tensor> tensors = new ArrayList<>();
    private boolean closed;

    private Scope() {
        Torch.load();
        if (outer == null) {
            ProcessEnd.enter();
        }
        pointers = new PointerScope();
    }

    public static Scope open() {
        Scope scope = new Scope();
        INNERMOST.set(scope);
        return scope;
    }

    /** How many native tensors of this process are not freed yet: flat over many steps, or something leaks. */
    public static long liveTensors() {
        return LIVE.get();
    }

    static Scope innermost() {
        Scope scope = INNERMOST.get();
        if (scope == null) {
            throw new IllegalStateException(
                    "a tensor was made outside of any scope and nobody would free it; open one round this code:"
                            + " try (var scope = Scope.open()) { ... }");
        }
        return scope;
    }

    void own(Tensor tensor) {
        tensors.add(tensor);
        LIVE.incrementAndGet();
    }

    void release(Tensor tensor) {
        checkThread();
        // The newest are released first as a rule, so the search from the end is short.
        int index = tensors.lastIndexOf(tensor);
        if (index < 0) {
            throw new IllegalStateException("the tensor does not belong to this scope");
        }
        tensors.remove(index);
        // Detaching gives up the scope's reference, and the last one frees.
        tensor.pointer().retainReference();
        pointers.detach(tensor.pointer());
    }

    /** Its tensors are for the thread that opened it. */
    void checkThread() {
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("the tensor belongs to a scope of another thread, which may free it at any"
                    + " moment; keep() what several threads use");
        }
    }

    static void freed() {
        LIVE.decrementAndGet();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (thread != Thread.currentThread() || INNERMOST.get() != this) {
            throw new IllegalStateException("scopes close in reverse order on the thread that opened them");
        }
        closed = true;
        INNERMOST.set(outer);
        LIVE.addAndGet(-tensors.size());
        tensors.clear();
        try {
            pointers.close();
        } finally {
            if (outer == null) {
                ProcessEnd.leave();
            }
        }
    }
}
