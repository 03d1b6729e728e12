package dev.graft.transfer;

import dev.graft.Workers;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What every step of a run needs beside its input. Closing ends the threads.
 *
 * @param workers go through the pictures
 * @param listener is told what happens, one event at a time
 * @param stop is asked now and then whether to end early
 */
public record RunContext(Workers workers, Consumer<TransferEvent> listener, BooleanSupplier stop)
        implements AutoCloseable {
    /**
     * Begins a run.
     *
     * @param threads how many go through the pictures
     */
    public static RunContext open(int threads, Consumer<TransferEvent> listener, BooleanSupplier stop) {
        return new RunContext(new Workers(threads), listener, stop);
    }

    /** That tells nobody and goes to the end. */
    public static RunContext open(int threads) {
        return open(threads, event -> {}, () -> false);
    }

    /** The same without telling anybody. */
    public RunContext quiet() {
        return new RunContext(workers, event -> {}, stop);
    }

    /** The same with another listener. */
    public RunContext telling(Consumer<TransferEvent> other) {
        return new RunContext(workers, other, stop);
    }

    public void tell(TransferEvent event) {
        listener.accept(event);
    }

    public boolean isStopped() {
        return stop.getAsBoolean();
    }

    @Override
    public void close() {
        workers.close();
    }
}
