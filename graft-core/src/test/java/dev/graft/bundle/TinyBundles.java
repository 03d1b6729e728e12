package dev.graft.bundle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Conv2D;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.Normalization;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A bundle of a few hundred weights, and tools to take its file apart. */
final class TinyBundles {
    static final InputGeometry GEOMETRY = InputGeometry.centerCrop(16);
    static final List<String> LABELS = List.of("discs", "squares");

    private TinyBundles() {}

    static Network network(long seed) {
        Node pixels = Node.input(3, 16, 16);
        Node inner = Node.input(3, 16, 16);
        Model body = Model.of(
                "body",
                inner,
                inner.then("conv", Conv2D.of(4, 3).stride(2).padding(1).noBias())
                        .then("norm", BatchNormalization.of(1e-3))
                        .then("relu", Activation.relu())
                        .then("pool", GlobalAveragePooling2D.of()));
        Node logits = pixels.then(
                        "preprocessing", Normalization.ofPixels(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.2, 0.25)))
                .then("body", body.inInferenceMode())
                .then("dropout", Dropout.of(0.2))
                .then("head", Dense.of(2));
        return Network.of(Model.of("tiny", pixels, logits), seed);
    }

    static Bundle bundle(long seed) {
        return Bundle.of(
                LABELS,
                GEOMETRY,
                network(seed),
                JsonNodeFactory.instance.objectNode().put("made", "by a test"));
    }

    static Map<String, byte[]> entries(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                try (var in = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return entries;
    }

    /** A sound zip of stored entries, whatever is in them. */
    static void writeStored(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (var content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                CRC32 crc = new CRC32();
                crc.update(content.getValue());
                entry.setSize(content.getValue().length);
                entry.setCompressedSize(content.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content.getValue());
            }
        }
    }
}
