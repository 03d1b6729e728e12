package dev.graft.transfer;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as the cache and the certificate use it. */
final class Sha256 {
    static final Charset CHARSET = StandardCharsets.UTF_8;

    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The hash of texts, kept apart by newlines. */
    static String of(String... texts) {
        MessageDigest digest = digest();
        for (String text : texts) {
            digest.update((text + "\n").getBytes(CHARSET));
        }
        return hex(digest);
    }
}
