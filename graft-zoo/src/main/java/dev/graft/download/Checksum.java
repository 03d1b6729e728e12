package dev.graft.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a publisher says of a file's content.
 *
 * @param algorithm as {@link MessageDigest} names it
 * @param digits the hash, or as much of its start as is published, in lower-case hex digits
 */
public record Checksum(String algorithm, String digits) {
    private static final int BUFFER = 1 << 16;

    public Checksum {
        if (!digits.matches("[0-9a-f]{8,}")) {
            throw new IllegalArgumentException("expected at least 8 lower-case hex digits, got '" + digits + "'");
        }
    }

    /** A SHA-256 or its first digits. */
    public static Checksum sha256(String digits) {
        return new Checksum("SHA-256", digits);
    }

    /** An MD5, which finds damage but no forgery; for publishers that give nothing better. */
    public static Checksum md5(String digits) {
        return new Checksum("MD5", digits);
    }

    /** The whole hash of a file by this algorithm. */
    String of(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    boolean fits(String hash) {
        return hash.startsWith(digits);
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        return algorithm + " " + digits;
    }
}
