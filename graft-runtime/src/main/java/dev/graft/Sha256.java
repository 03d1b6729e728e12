package dev.graft;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256: what tells pictures, prefixes, weights and data sets apart. */
public final class Sha256 {
    /** The length of a hash. */
    public static final int BYTES = 32;

    private Sha256() {}

    /** A new digest, to be filled piece by piece. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of what the digest was given, in lower-case hex digits. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The hash of a file's content in lower-case hex digits. */
    public static String of(byte[] content) {
        MessageDigest digest = digest();
        digest.update(content);
        return hex(digest);
    }

    /** The hash of texts, kept apart by newlines, in lower-case hex digits. */
    public static String of(String... texts) {
        MessageDigest digest = digest();
        for (String text : texts) {
            digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return hex(digest);
    }
}
