package dev.graft.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.graft.GraftException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies as curl, wget and pip read them from the environment. */
class ProxySettingsTest {
    private static final byte[] CONTENT = "weights".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private static String proxy(String address, String... variables) {
        return settings(variables).of(URI.create(address)).map(Object::toString).orElse("none");
    }

    private static ProxySettings settings(String... variables) {
        Map<String, String> all = new HashMap<>();
        for (String variable : variables) {
            all.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }
        return new ProxySettings(all::get);
    }

    @Test
    void eachKindOfAddressHasItsVariable() {
        assertThat(proxy("https://a.org/x")).isEqualTo("none");
        assertThat(proxy("https://a.org/x", "https_proxy=http://p:3128")).isEqualTo("p:3128");
        assertThat(proxy("https://a.org/x", "HTTPS_PROXY=http://p:3128/")).isEqualTo("p:3128");
        assertThat(proxy("https://a.org/x", "http_proxy=http://p:3128")).isEqualTo("none");
        assertThat(proxy("http://a.org/x", "http_proxy=p:3128", "HTTP_PROXY=q:1"))
                .isEqualTo("p:3128");
        assertThat(proxy("http://a.org/x", "ALL_PROXY=http://p")).isEqualTo("p:80");
        assertThat(proxy("https://a.org/x", "https_proxy=", "all_proxy=http://me:it@[::2]:8080"))
                .isEqualTo("[::2]:8080");
        assertThat(proxy("http://localhost/x", "http_proxy=p:3128")).isEqualTo("none");
        assertThat(proxy("http://127.0.0.1:80/x", "http_proxy=p:3128")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.org            | none
            .org             | none
            *.a.org          | none
            b.org, A.ORG     | none
            b.org a.org:8443 | none
            *                | none
            a.org:80         | p:1
            www.a.org        | p:1
            xa.org,a.or,org. | p:1
            """)
    void noProxyNamesServersAndDomains(String list, String expected) {
        assertThat(proxy("https://a.org:8443/x", "https_proxy=http://p:1", "no_proxy=" + list))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://p:1", "https://p:1", "http://", "p:port", "http://p:99999", "http://p:1/path"})
    void whatIsNoProxyThatCanBeUsedIsRefused(String value) {
        assertThatThrownBy(() -> proxy("https://a.org/x", "https_proxy=" + value))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("https_proxy: expected http://HOST:PORT, got '" + value + "'");
    }

    @Test
    void aPasswordIsNotShown() {
        assertThatThrownBy(() -> proxy("https://a.org/x", "https_proxy=socks5://me:secret@p:1"))
                .hasMessageContaining("socks5://...@p:1")
                .hasMessageNotContaining("secret");
        assertThat(proxy("https://a.org/x", "https_proxy=http://me:secret@p:1")).isEqualTo("p:1");
    }

    private HttpTransfer transfer(String address, String... variables) {
        return new HttpTransfer(
                URI.create(address),
                PartialFile.of(folder.resolve("model.pth")),
                Duration.ofSeconds(20),
                DownloadListener.SILENT,
                settings(variables));
    }

    /** A stand-in for a proxy, which answers for a server that does not exist and wants a password. */
    @Test
    void aFileComesThroughTheProxyWithTheUsersPassword() throws Exception {
        String login = "Basic " + Base64.getEncoder().encodeToString("me:se:cr@t".getBytes(StandardCharsets.UTF_8));
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            boolean known = login.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
            exchange.sendResponseHeaders(known ? 200 : 407, known ? CONTENT.length : -1);
            if (known) {
                exchange.getResponseBody().write(CONTENT);
            }
            exchange.close();
        });
        proxy.start();
        try {
            int port = proxy.getAddress().getPort();
            String address = "http://publisher.invalid/model.pth";
            assertThatThrownBy(() -> transfer(address, "http_proxy=http://localhost:" + port)
                            .run())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("HTTP 407")
                    .hasMessageContaining("USER:PASSWORD");
            transfer(address, "http_proxy=http://me:se:cr%40t@localhost:" + port)
                    .run();
            assertThat(PartialFile.of(folder.resolve("model.pth")).path()).hasBinaryContent(CONTENT);
            assertThat(asked).contains(address);
        } finally {
            proxy.stop(0);
        }
    }

    /** Of an https address the proxy is asked for a tunnel; this one refuses it. */
    @Test
    void aTunnelThatIsRefusedReachesTheProxy() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try (Socket connection = proxy.accept();
                        var in = new BufferedReader(
                                new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        asked.add(line);
                    }
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    asked.add(e.toString());
                }
            });
            answering.start();
            assertThatThrownBy(() -> transfer(
                                    "https://publisher.invalid/model.pth",
                                    "https_proxy=http://localhost:" + proxy.getLocalPort())
                            .run())
                    .isInstanceOf(IOException.class);
            answering.join();
        }
        assertThat(asked.get(0)).isEqualTo("CONNECT publisher.invalid:443 HTTP/1.1");
    }
}
