package dev.graft.download;

import dev.graft.GraftException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where files come from instead of their publishers: {@code $GRAFT_WEIGHTS_URL}. */
public sealed interface Mirror {
    /** What it is called in messages. */
    String VARIABLE = "GRAFT_WEIGHTS_URL";

    /** A server that has the files after this address. */
    record Server(URI address) implements Mirror {
        URI of(FetchedFile file) {
            String base = address.toString();
            return URI.create(base + (base.endsWith("/") ? "" : "/") + file.name());
        }
    }

    /** A folder, perhaps on another machine's disk. */
    record Folder(Path path) implements Mirror {
        Path of(FetchedFile file) {
            return path.resolve(file.name());
        }
    }

    /** The one that the environment names, or null. */
    static @Nullable Mirror fromEnvironment() {
        String text = System.getenv(VARIABLE);
        return text == null || text.isBlank() ? null : of(text.strip());
    }

    /**
     * The mirror of an address or a folder.
     *
     * @throws GraftException if the text is neither
     */
    static Mirror of(String text) {
        try {
            if (text.toLowerCase(Locale.ROOT).matches("https?://.+")) {
                URI address = URI.create(text);
                if (address.getHost() == null) {
                    throw invalid(text, null);
                }
                return new Server(address);
            }
            if (!text.contains("://")) {
                return new Folder(Path.of(text));
            }
        } catch (IllegalArgumentException e) {
            throw invalid(text, e);
        }
        throw invalid(text, null);
    }

    private static GraftException invalid(String text, @Nullable Exception cause) {
        String message = VARIABLE + ": expected an http or https address or a folder, got '" + text + "'; correct it";
        return cause == null ? new GraftException(message) : new GraftException(message, cause);
    }
}
