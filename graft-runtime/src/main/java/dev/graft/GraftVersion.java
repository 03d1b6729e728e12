package dev.graft;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Which Graft this is. */
public final class GraftVersion {
    private GraftVersion() {}

    /** The version of the build: {@code 0.1.0-SNAPSHOT}. */
    public static String get() {
        try (InputStream in = GraftVersion.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
