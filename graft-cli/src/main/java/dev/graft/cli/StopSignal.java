package dev.graft.cli;

import dev.graft.GraftException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import sun.misc.Signal;

/**
 * Ctrl-C while something is being trained: the first time it asks the run to end and save, the second time the process
 * ends at once. Not a shutdown hook, because the libraries' own hooks would tear the engines down under the run.
 */
final class StopSignal implements BooleanSupplier {
    /** What a shell adds to the number of the signal that ended a process. */
    private static final int ENDED_BY = 128;

    /** A signal ended the command before it had anything to save. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final GraftException failure;
        private final int exitCode;

        Ended(StopSignal signal, GraftException cause) {
            super(cause);
            this.failure = cause;
            this.exitCode = signal.exitCode();
        }

        /** What is told. */
        GraftException failure() {
            return failure;
        }

        int exitCode() {
            return exitCode;
        }
    }

    private final AtomicInteger received = new AtomicInteger();

    private StopSignal() {}

    /** Listens from now on to Ctrl-C, and to {@code kill} and the closing of the terminal. */
    static StopSignal listen(Terminal terminal) {
        StopSignal stop = new StopSignal();
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            try {
                Signal.handle(new Signal(name), signal -> stop.receive(signal, terminal));
            } catch (IllegalArgumentException e) {
                // Not on this platform, or the JVM runs with -Xrs: the signal then ends the process as always.
            }
        }
        return stop;
    }

    private void receive(Signal signal, Terminal terminal) {
        if (!received.compareAndSet(0, ENDED_BY + signal.getNumber())) {
            Runtime.getRuntime().halt(ENDED_BY + signal.getNumber());
        }
        terminal.error("Stopping; the best weights so far will be saved. Press Ctrl-C again to end at once.");
    }

    @Override
    public boolean getAsBoolean() {
        return received.get() != 0;
    }

    /** The exit code of a run that was ended like that. */
    int exitCode() {
        return received.get();
    }
}
