package dev.graft.bundle;

import static dev.graft.bundle.BundleFormat.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.model.ModelJson;
import dev.graft.weights.Safetensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes bundles: the same bundle gives the same bytes. */
final class BundleWriter {
    private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

    private BundleWriter() {}

    static void write(Bundle bundle, Path file) {
        // Not createTempFile, which lets nobody but the owner read the file.
        Path half = file.toAbsolutePath().resolveSibling(".graft-" + UUID.randomUUID() + ".half");
        try {
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(half, StandardOpenOption.CREATE_NEW))) {
                writeZip(bundle, out);
            }
            move(half, file);
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be written: " + reason(e) + "; choose another place with --out, or make room", e);
        } finally {
            delete(half);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        return e instanceof NoSuchFileException ? "no such folder" : String.valueOf(e.getMessage());
    }

    private static void move(Path half, Path file) throws IOException {
        try {
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path half) {
        try {
            Files.deleteIfExists(half);
        } catch (IOException e) {
            // The bundle itself is whole or was never there; a leftover of this name is harmless.
        }
    }

    private static void writeZip(Bundle bundle, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, BundleFormat.MANIFEST, to -> to.write(JSON.writeValueAsBytes(manifest(bundle))));
            put(zip, BundleFormat.PROVENANCE, to -> to.write(JSON.writeValueAsBytes(bundle.provenance())));
            put(
                    zip,
                    BundleFormat.WEIGHTS,
                    to -> Safetensors.write(to, bundle.network().weights(), Map.of("format", "pt")));
        }
    }

    private static ObjectNode manifest(Bundle bundle) {
        ObjectNode manifest =
                JSON.createObjectNode().put("format", BundleFormat.VERSION).put("graft", GraftVersion.get());
        ArrayNode labels = manifest.putArray("labels");
        bundle.labels().forEach(labels::add);
        manifest.set("geometry", JSON.valueToTree(bundle.geometry()));
        manifest.set("model", ModelJson.write(bundle.network().model()));
        ArrayNode frozen = manifest.putArray("frozen");
        bundle.network().frozenLayers().forEach(frozen::add);
        ArrayNode test = manifest.putArray("test");
        bundle.testLogits().forEach(test::add);
        return manifest;
    }

    /** Something that writes the same bytes each time. */
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A stored entry says its size and checksum before its bytes, so the content is written twice. */
    private static void put(ZipOutputStream zip, String name, Content content) throws IOException {
        CRC32 crc = new CRC32();
        long[] size = {0};
        content.writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                super.write(bytes, from, count);
                size[0] += count;
            }

            @Override
            public void write(int one) throws IOException {
                super.write(one);
                size[0]++;
            }
        });
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(DATE);
        entry.setSize(size[0]);
        entry.setCompressedSize(size[0]);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
    }
}
