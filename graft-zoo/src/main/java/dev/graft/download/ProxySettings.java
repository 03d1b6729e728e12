package dev.graft.download;

import dev.graft.GraftException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that the environment names, as other programs read it: {@code http_proxy}, {@code https_proxy}, {@code
 * all_proxy} and {@code no_proxy}, in small letters or capitals. Java's own properties go before them.
 *
 * @param variables gives the value of a variable, or null
 */
record ProxySettings(UnaryOperator<@Nullable String> variables) {
    private static final int DEFAULT_PORT = 80;
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<scheme>[a-zA-Z0-9+.-]+)://)?(?:(?<user>[^@/]*)@)?(?<host>\\[[^]]+]|[^:/@\\[]+)(?::(?<port>\\d{1,5}))?/?");

    /**
     * A proxy.
     *
     * @param user with the password after a colon, both as they are sent, or null
     */
    record Proxy(String host, int port, @Nullable String user) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    static ProxySettings fromEnvironment() {
        return new ProxySettings(System::getenv);
    }

    /**
     * The proxy for an address, if there is one.
     *
     * @throws GraftException if the environment names one that cannot be understood or used
     */
    Optional<Proxy> of(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        if (System.getProperty(scheme + ".proxyHost") != null || isLocal(host) || isExcepted(host, address.getPort())) {
            return Optional.empty();
        }
        for (String name : new String[] {scheme + "_proxy", "all_proxy"}) {
            String value = value(name);
            if (value != null) {
                return Optional.of(parse(name, value));
            }
        }
        return Optional.empty();
    }

    private @Nullable String value(String name) {
        String small = variables.apply(name);
        String value = small != null ? small : variables.apply(name.toUpperCase(Locale.ROOT));
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private boolean isExcepted(String host, int port) {
        String list = value("no_proxy");
        if (list == null) {
            return false;
        }
        for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String name = entry.replaceFirst("^\\*?\\.", "");
            String alone = port > 0 && name.endsWith(":" + port) ? name.substring(0, name.lastIndexOf(':')) : name;
            if (entry.equals("*") || !alone.isEmpty() && (host.equals(alone) || host.endsWith("." + alone))) {
                return true;
            }
        }
        return false;
    }

    private static Proxy parse(String name, String value) {
        Matcher form = FORM.matcher(value);
        int port = form.matches() && form.group("port") != null ? Integer.parseInt(form.group("port")) : DEFAULT_PORT;
        String scheme = form.matches() ? form.group("scheme") : "none";
        if (!form.matches() || port > 0xffff || scheme != null && !scheme.equalsIgnoreCase("http")) {
            throw new GraftException("the variable " + name + ": expected http://HOST:PORT, got '"
                    + value.replaceFirst("[^/@]*@", "...@")
                    + "'; name a proxy that speaks HTTP, or list the server in no_proxy");
        }
        return new Proxy(form.group("host"), port, form.group("user"));
    }

    /** Lets a client go through the proxy for an address. */
    HttpClient.Builder apply(HttpClient.Builder client, URI address) {
        Proxy proxy = of(address).orElse(null);
        if (proxy == null) {
            return client;
        }
        client.proxy(ProxySelector.of(new InetSocketAddress(proxy.host(), proxy.port())));
        if (proxy.user() != null) {
            // Java does not send passwords to proxies of https by itself; read when the first client is made.
            if (System.getProperty("jdk.http.auth.tunneling.disabledSchemes") == null) {
                System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
            }
            client.authenticator(new Login(proxy.user()));
        }
        return client;
    }

    /** Who the proxy is told to be asked by; a server behind it is not told. */
    private static final class Login extends Authenticator {
        private final String user;
        private final String password;

        Login(String both) {
            int colon = both.indexOf(':');
            this.user = decoded(colon < 0 ? both : both.substring(0, colon));
            this.password = colon < 0 ? "" : decoded(both.substring(colon + 1));
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? new PasswordAuthentication(user, password.toCharArray())
                    : null;
        }
    }
}
