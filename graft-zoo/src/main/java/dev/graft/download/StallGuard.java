package dev.graft.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a stream from which nothing comes for too long: the JDK's client times only the head of an answer. */
final class StallGuard implements AutoCloseable {
    private final InputStream in;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private volatile long lastRead = System.nanoTime();
    private volatile boolean stalled;

    private StallGuard(InputStream in, Duration timeout) {
        this.in = in;
        this.timeout = timeout;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "graft-download-timeout");
            thread.setDaemon(true);
            return thread;
        });
    }

    static StallGuard over(InputStream in, Duration timeout) {
        StallGuard guard = new StallGuard(in, timeout);
        long period = Math.max(1, timeout.toMillis() / 4);
        var unused = guard.timer.scheduleAtFixedRate(guard::check, period, period, TimeUnit.MILLISECONDS);
        return guard;
    }

    private void check() {
        if (System.nanoTime() - lastRead > timeout.toNanos()) {
            stalled = true;
            try {
                in.close();
            } catch (IOException e) {
                // The reader is told that it took too long.
            }
        }
    }

    int read(byte[] buffer) throws IOException {
        lastRead = System.nanoTime();
        int read;
        try {
            read = in.read(buffer);
        } catch (IOException e) {
            throw stalled ? stalled(e) : e;
        }
        if (read < 0 && stalled) {
            throw stalled(null);
        }
        return read;
    }

    private HttpTimeoutException stalled(@Nullable IOException cause) {
        HttpTimeoutException failure = new HttpTimeoutException("nothing came for " + timeout.toSeconds() + " s");
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
