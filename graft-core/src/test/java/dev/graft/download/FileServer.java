package dev.graft.download;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A publisher's server with one file, whose behaviour a test sets. */
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** The Range of each request for the file, or an empty text. */
    final List<String> ranges = new CopyOnWriteArrayList<>();

    volatile byte[] content;
    volatile String tag = "\"v1\"";
    volatile boolean knowsRanges = true;
    /** The connection breaks after so many bytes of each answer. */
    volatile int cutAfter = Integer.MAX_VALUE;
    /** After the cut it is silent instead of closed. */
    volatile boolean stalls;

    /** Has a permit for each request for the file that came. */
    final Semaphore arrived = new Semaphore(0);
    /** Answers wait until it is open. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    FileServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/file", this::serve);
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/file");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/busy", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
    }

    URI address(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    private void serve(HttpExchange exchange) throws IOException {
        Headers asked = exchange.getRequestHeaders();
        String range = asked.getFirst("Range") == null ? "" : asked.getFirst("Range");
        ranges.add(range);
        arrived.release();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean partial = knowsRanges && !range.isEmpty() && tag.equals(asked.getFirst("If-Range"));
        int from = partial ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
        if (!tag.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", tag);
        }
        if (from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        if (partial) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(partial ? 206 : 200, content.length - from);
        int length = Math.min(cutAfter, content.length - from);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, length);
        out.flush();
        if (stalls && length < content.length - from) {
            return;
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
