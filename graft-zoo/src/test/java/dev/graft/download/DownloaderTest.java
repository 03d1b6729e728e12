package dev.graft.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.Sha256;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a real server on this machine. */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
class DownloaderTest {
    private static final int SIZE = 1_000_003;
    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    private Path folder;

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(CONTENT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Downloader downloader() {
        return Downloader.into(folder).mirror(null);
    }

    private RemoteFile file(String path) {
        return file(server.address(path));
    }

    private static RemoteFile file(URI address) {
        return new RemoteFile(
                "model.pth", address, Checksum.sha256(Sha256.of(CONTENT).substring(0, 8)));
    }

    /** The file is whole, and nothing of the way to it is left. */
    private void assertWhole() throws IOException {
        assertThat(folder.resolve("model.pth")).hasBinaryContent(CONTENT);
        assertOnly("model.pth");
    }

    private void assertOnly(String... names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(".lock")))
                    .containsExactlyInAnyOrder(names);
        }
    }

    private AbstractThrowableAssert<?, ?> assertRefused(Downloader downloader, RemoteFile file) {
        return assertThatThrownBy(() -> downloader.fetch(file))
                .isInstanceOf(GraftException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileComesWholeAndOnlyOnce() throws IOException {
        List<Long> progress = new ArrayList<>();
        Downloader downloader = downloader().listener(new DownloadListener() {
            @Override
            public void progress(long bytes, long total) {
                assertThat(total).isEqualTo(SIZE);
                progress.add(bytes);
            }
        });
        assertThat(downloader.fetch(file("/file"))).isEqualTo(folder.resolve("model.pth"));
        assertWhole();
        assertThat(progress).isSorted().endsWith((long) SIZE);
        downloader.fetch(file("/file"));
        assertThat(server.ranges).containsExactly("");
    }

    @Test
    void aRedirectIsFollowed() throws IOException {
        downloader().fetch(file("/moved"));
        assertWhole();
    }

    @Test
    void aBrokenConnectionIsTakenUpWhereItBroke() throws IOException {
        server.cutAfter = 400_000;
        downloader().fetch(file("/file"));
        assertWhole();
        assertThat(server.ranges).hasSizeGreaterThanOrEqualTo(3);
        assertThat(server.ranges.subList(1, server.ranges.size())).allMatch(range -> range.matches("bytes=[1-9]\\d*-"));
    }

    @Test
    void aLaterRunGoesOnBehindWhatAnEarlierOneGot() throws IOException {
        cutOff();
        long kept = Files.size(folder.resolve("model.pth.part"));
        server.cutAfter = Integer.MAX_VALUE;
        server.ranges.clear();
        downloader().fetch(file("/file"));
        assertThat(server.ranges).containsExactly("bytes=" + kept + "-");
        assertWhole();
    }

    /** Leaves a part of the file. */
    private void cutOff() {
        server.cutAfter = 100_000;
        assertRefused(downloader(), file("/file"))
                .hasMessageContaining("the connection was cut off")
                .hasMessageContaining("bytes are kept, so run it again to go on");
        assertThat(folder.resolve("model.pth")).doesNotExist();
        assertThat(folder.resolve("model.pth.part")).isNotEmptyFile();
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() throws IOException {
        cutOff();
        server.cutAfter = Integer.MAX_VALUE;
        server.knowsRanges = false;
        downloader().fetch(file("/file"));
        assertWhole();
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedFromTheStart() throws IOException {
        server.content = new byte[SIZE];
        cutOff();
        server.content = CONTENT;
        server.tag = "\"v2\"";
        server.cutAfter = Integer.MAX_VALUE;
        downloader().fetch(file("/file"));
        assertWhole();
    }

    @Test
    void aPartFromAnotherAddressIsNotGoneOnFrom() throws IOException {
        cutOff();
        server.cutAfter = Integer.MAX_VALUE;
        server.ranges.clear();
        downloader().fetch(file("/file/again"));
        assertThat(server.ranges).containsExactly("");
        assertWhole();
    }

    @Test
    void aPartThatIsWholeAlreadyIsFetchedAgain() throws IOException {
        cutOff();
        Files.write(folder.resolve("model.pth.part"), CONTENT);
        server.cutAfter = Integer.MAX_VALUE;
        downloader().fetch(file("/file"));
        assertWhole();
    }

    @Test
    void aWrongHashDeletesTheFileAndSaysSo() throws IOException {
        byte[] forged = CONTENT.clone();
        forged[SIZE / 2] ^= 1;
        server.content = forged;
        assertRefused(downloader(), file("/file"))
                .hasMessageContaining(
                        "expected SHA-256 " + Sha256.of(CONTENT).substring(0, 8) + ", got " + Sha256.of(forged))
                .hasMessageContaining("deleted");
        assertOnly();
    }

    @Test
    void aDamagedFileIsFetchedAgain() throws IOException {
        Files.write(folder.resolve("model.pth"), new byte[3]);
        downloader().fetch(file("/file"));
        assertWhole();
    }

    @Test
    void answersThatAreNoFileAreSaidInWords() throws IOException {
        assertRefused(downloader(), file("/nothing"))
                .hasMessage(server.address("/nothing")
                        + ": cannot be fetched: there is no such file (HTTP 404); or fetch "
                        + server.address("/nothing") + " elsewhere and put it here as " + folder.resolve("model.pth")
                        + ", or name a mirror in the variable GRAFT_WEIGHTS_URL");
        assertRefused(downloader(), file("/busy")).hasMessageContaining("the server answered HTTP 503");
        assertOnly();
    }

    @Test
    void nobodyAtTheAddress() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertRefused(downloader(), file(URI.create("http://localhost:" + free + "/model.pth")))
                .hasMessageContaining("no connection")
                .hasMessageContaining("put it here as " + folder.resolve("model.pth"));
        assertRefused(downloader(), file(URI.create("http://host.invalid/model.pth")))
                .hasMessageContaining("no network, or no such host");
    }

    @Test
    void aServerThatSpeaksNoTls() throws IOException {
        try (ServerSocket plain = new ServerSocket(0)) {
            Thread answer = new Thread(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream().write("This is not TLS.\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The client hung up.
                }
            });
            answer.setDaemon(true);
            answer.start();
            URI secure = URI.create("https://localhost:" + plain.getLocalPort() + "/model.pth");
            // On a busy machine Java's client was once seen to wait for more instead of giving up at once.
            assertRefused(downloader().timeout(Duration.ofSeconds(5)), file(secure))
                    .message()
                    .containsAnyOf("no secure connection (", "no answer (timeout)");
        }
    }

    @Test
    void aSilentServerIsGivenUp() {
        server.cutAfter = 1000;
        server.stalls = true;
        assertRefused(downloader().timeout(Duration.ofMillis(200)), file("/file"))
                .hasMessageContaining("(timeout)");
    }

    @Test
    void offlineTouchesNoNetworkAndSaysWhichFileToPutWhere() throws IOException {
        assertRefused(downloader().offline(true), file("/file"))
                .hasMessageContaining("model.pth is not here, and the network must not be used; fetch "
                        + server.address("/file") + " elsewhere and put it here as " + folder.resolve("model.pth"));
        assertThat(server.ranges).isEmpty();
        Files.write(folder.resolve("model.pth"), CONTENT);
        assertThat(downloader().offline(true).fetch(file("/file"))).hasBinaryContent(CONTENT);
        assertThat(server.ranges).isEmpty();
    }

    @Test
    void aMirrorIsAskedInsteadOfThePublisher() throws IOException {
        RemoteFile elsewhere = file(URI.create("http://host.invalid/model.pth"));
        downloader().mirror(Mirror.of(server.address("/file").toString())).fetch(elsewhere);
        assertWhole();
    }

    @Test
    void aFolderIsAMirrorAlsoOffline(@TempDir Path mirror) throws IOException {
        Downloader downloader =
                downloader().mirror(Mirror.of(mirror.toString())).offline(true);
        RemoteFile file = file(URI.create("http://host.invalid/model.pth"));
        assertRefused(downloader, file)
                .hasMessageContaining(mirror.resolve("model.pth") + ": there is no such file in the folder");
        Files.write(mirror.resolve("model.pth"), new byte[5]);
        assertRefused(downloader, file).hasMessageContaining("expected SHA-256");
        assertThat(mirror.resolve("model.pth")).exists();
        Files.write(mirror.resolve("model.pth"), CONTENT);
        downloader.fetch(file);
        assertWhole();
    }

    @Test
    void aMirrorIsAnAddressOrAFolder() {
        for (String wrong : List.of("ftp://host/folder", "http://", "https://a b/", "\0")) {
            assertThatThrownBy(() -> Mirror.of(wrong))
                    .isInstanceOf(GraftException.class)
                    .hasMessageContaining("GRAFT_WEIGHTS_URL: expected an http or https address or a folder");
        }
    }

    @Test
    void aFolderThatCannotBeMade() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "");
        assertRefused(Downloader.into(taken).mirror(null), file("/file"))
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("GRAFT_HOME");
    }

    @Test
    void oneOfTwoProcessesFetchesAndTheOtherWaits() throws IOException, InterruptedException {
        server.gate = new CountDownLatch(1);
        String hash = Sha256.of(CONTENT);
        Process first = FetchingProcess.start(folder, server.address("/file"), hash);
        try {
            assertThat(server.arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            CountDownLatch waits = new CountDownLatch(1);
            Thread opener = new Thread(() -> {
                try {
                    waits.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                server.gate.countDown();
            });
            opener.start();
            downloader()
                    .listener(new DownloadListener() {
                        @Override
                        public void waiting() {
                            waits.countDown();
                        }
                    })
                    .fetch(file("/file"));
            assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isZero();
        } finally {
            first.destroy();
        }
        assertThat(server.ranges).hasSize(1);
        assertWhole();
    }

    @Test
    void theLockOfAKilledProcessIsFreeAndItsPartIsUsed() throws IOException, InterruptedException {
        server.cutAfter = 300_000;
        server.stalls = true;
        Process killed = FetchingProcess.start(folder, server.address("/file"), Sha256.of(CONTENT));
        Path part = folder.resolve("model.pth.part");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while ((!Files.exists(part) || Files.size(part) < 100_000) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        server.cutAfter = Integer.MAX_VALUE;
        downloader().fetch(file("/file"));
        assertThat(server.ranges).hasSize(2).last().asString().matches("bytes=[1-9]\\d{5}-");
        assertWhole();
    }
}
