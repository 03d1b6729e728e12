package dev.graft.download;

import dev.graft.GraftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings the bytes that are missing of one file over HTTP. */
final class HttpTransfer {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int BUFFER = 1 << 16;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18}|\\*)");

    private final URI address;
    private final PartialFile part;
    private final Duration timeout;
    private final DownloadListener listener;
    private final HttpClient client;

    HttpTransfer(URI address, PartialFile part, Duration timeout, DownloadListener listener) {
        this(address, part, timeout, listener, ProxySettings.fromEnvironment());
    }

    HttpTransfer(URI address, PartialFile part, Duration timeout, DownloadListener listener, ProxySettings proxies) {
        this.address = address;
        this.part = part;
        this.timeout = timeout;
        this.listener = listener;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(timeout);
        this.client = proxies.apply(builder, address).build();
    }

    /** The server answered, but not with the file. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** One request, after which the file is whole; what came before a failure is kept where it can be gone on from. */
    void run() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = request(part.validator(address.toString()));
        if (response.statusCode() == RANGE_NOT_SATISFIABLE || wrongPlace(response)) {
            response.body().close();
            part.delete();
            response = request("");
        }
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case OK -> part.start(address.toString(), validator(response));
                case PARTIAL -> {} // after what is here
                default -> throw new Refused(refusal(response));
            }
            long here = part.size();
            listener.started(address.toString(), here);
            long total = total(response);
            requireSpace(total - here);
            copy(body, here, total);
        }
    }

    private HttpResponse<InputStream> request(String validator) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(timeout).header("User-Agent", "graft");
        if (!validator.isEmpty()) {
            // A server whose file has changed since, or that knows no ranges, answers with the whole file.
            request.header("Range", "bytes=" + part.size() + "-").header("If-Range", validator);
        }
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }

    /** Whether a range came that does not go on where this file ends, or is of another version. */
    private boolean wrongPlace(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() != PARTIAL) {
            return false;
        }
        Matcher range = range(response);
        String now = validator(response);
        return !range.matches()
                || Long.parseLong(range.group(1)) != part.size()
                || !(now.isEmpty() || now.equals(part.validator(address.toString())));
    }

    private static Matcher range(HttpResponse<?> response) {
        return CONTENT_RANGE.matcher(
                response.headers().firstValue("Content-Range").orElse(""));
    }

    /** The strong mark of a version: a weak one promises no equal bytes. */
    private static String validator(HttpResponse<?> response) {
        String tag = response.headers().firstValue("ETag").orElse("");
        return tag.startsWith("\"")
                ? tag
                : response.headers().firstValue("Last-Modified").orElse("");
    }

    private static long total(HttpResponse<?> response) {
        Matcher range = range(response);
        if (response.statusCode() == PARTIAL && range.matches()) {
            return range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
        }
        return response.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    private static String refusal(HttpResponse<?> response) {
        int status = response.statusCode();
        return switch (status) {
            case 404, 410 -> "there is no such file (HTTP " + status + ")";
            case 401, 403 -> "access refused (HTTP " + status + ")";
            case 407 -> "the proxy wants a user and a password: https_proxy=http://USER:PASSWORD@HOST:PORT (HTTP 407)";
            case 301, 302, 303, 307, 308 ->
                "it redirects to "
                        + response.headers().firstValue("Location").orElse("nowhere") + ", which is not followed (HTTP "
                        + status + ")";
            default -> "the server answered HTTP " + status;
        };
    }

    private void requireSpace(long needed) throws IOException {
        Path folder = part.path().toAbsolutePath().getParent();
        long free = folder == null ? Long.MAX_VALUE : Files.getFileStore(folder).getUsableSpace();
        if (needed > free) {
            throw new GraftException(folder + ": " + needed / 1_000_000 + " MB are still to come, but only "
                    + free / 1_000_000 + " MB are free; make room, or name another folder in the variable GRAFT_HOME");
        }
    }

    private void copy(InputStream body, long here, long total) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = here;
        try (OutputStream out = open();
                StallGuard guard = StallGuard.over(body, timeout)) {
            for (int read = guard.read(buffer); read >= 0; read = guard.read(buffer)) {
                write(out, buffer, read);
                bytes += read;
                listener.progress(bytes, total);
            }
        }
        if (total >= 0 && bytes != total) {
            throw new IOException("the connection was cut off");
        }
    }

    private OutputStream open() {
        try {
            return Files.newOutputStream(part.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Downloader.unwritable(part.path(), e);
        }
    }

    /** Tells a full disk from a broken connection. */
    private void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw Downloader.unwritable(part.path(), e);
        }
    }
}
