package dev.graft.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Remembers why it could not be written to: a {@link java.io.PrintStream} above it says only that it could not. */
final class WatchedOutput extends OutputStream {
    private final OutputStream out;
    private volatile @Nullable IOException failure;

    WatchedOutput(OutputStream out) {
        this.out = out;
    }

    /** The first one; null as long as all was written. */
    @Nullable IOException failure() {
        return failure;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        watch(() -> out.write(bytes, from, count));
    }

    @Override
    public void flush() throws IOException {
        watch(out::flush);
    }

    private void watch(Step step) throws IOException {
        // What comes after a gap would look whole.
        IOException before = failure;
        if (before != null) {
            throw before;
        }
        try {
            step.run();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
