package dev.graft.bundle;

import static dev.graft.bundle.BundleFormat.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftVersion;
import dev.graft.JsonText;
import dev.graft.WholeFile;
import dev.graft.model.ModelJson;
import dev.graft.report.InDistribution;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes bundles: the same bundle gives the same bytes. */
final class BundleWriter {
    static final Map<String, String> METADATA = Map.of("format", "pt");

    private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

    private BundleWriter() {}

    static void write(Bundle bundle, Path file) {
        WholeFile.at(file)
                .verifiedBy(half -> WrittenBundle.check(bundle, half, file))
                .write(out -> writeZip(bundle, out));
    }

    private static void writeZip(Bundle bundle, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, BundleFormat.MANIFEST, to -> to.write(JsonText.bytes(JSON.writeValueAsString(manifest(bundle)))));
            put(
                    zip,
                    BundleFormat.PROVENANCE,
                    to -> to.write(JsonText.bytes(JSON.writeValueAsString(bundle.provenance()))));
            put(
                    zip,
                    BundleFormat.WEIGHTS,
                    to -> Safetensors.write(to, bundle.network().weights(), METADATA));
            InDistribution inDistribution = bundle.confidence().inDistribution();
            if (inDistribution != null) {
                Map<String, HostTensor> examples = Map.of(BundleFormat.EXAMPLES, inDistribution.examples());
                put(zip, BundleFormat.IN_DISTRIBUTION, to -> Safetensors.write(to, examples, METADATA));
            }
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
        manifest.put("temperature", bundle.confidence().temperature());
        InDistribution inDistribution = bundle.confidence().inDistribution();
        if (inDistribution != null) {
            manifest.put("threshold", inDistribution.threshold());
        }
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
