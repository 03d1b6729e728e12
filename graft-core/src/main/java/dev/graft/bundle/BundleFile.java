package dev.graft.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.data.InputGeometry;
import dev.graft.model.Model;
import dev.graft.model.ModelJson;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import dev.graft.weights.StrictLoad;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code .graft} format: a zip whose entries are stored, not compressed, with a fixed date.
 *
 * <ul>
 *   <li>{@code graft.json}: format, labels, geometry, graph, test vector
 *   <li>{@code provenance.json}
 *   <li>{@code weights.safetensors}: float32 by full name
 * </ul>
 */
final class BundleFile {
    private static final int FORMAT = 1;
    private static final String MANIFEST = "graft.json";
    private static final String PROVENANCE = "provenance.json";
    private static final String WEIGHTS = "weights.safetensors";
    private static final long LARGEST_JSON = 64L << 20;
    /** How many numbers a layer may give for one picture: more would be 1 GB. */
    private static final long LARGEST_VALUE = 1L << 28;

    private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(100).build());
    }

    private BundleFile() {}

    static Bundle read(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            JsonNode manifest = JSON.readTree(bytes(zip, file, MANIFEST, LARGEST_JSON));
            checkFormat(manifest, file);
            Model model = model(manifest.path("model"), file);
            List<String> labels = texts(manifest.path("labels"));
            if (!(manifest.get("geometry") instanceof ObjectNode square)) {
                throw broken(file, "it has no geometry", null);
            }
            InputGeometry geometry = JSON.treeToValue(square, InputGeometry.class);
            checkFit(model, labels, geometry, file);
            String weightsName = file + "!" + WEIGHTS;
            byte[] stored = bytes(zip, file, WEIGHTS, Integer.MAX_VALUE - 16);
            Map<String, HostTensor> weights = StrictLoad.of(Program.of(model).weightShapes())
                    .from(Safetensors.read(weightsName, ByteBuffer.wrap(stored)));
            JsonNode provenance = JSON.readTree(bytes(zip, file, PROVENANCE, LARGEST_JSON));
            if (!(provenance instanceof ObjectNode object)) {
                throw broken(file, PROVENANCE + " is no object", null);
            }
            return new Bundle(labels, geometry, Network.of(model, weights, 0), floats(manifest.path("test")), object);
        } catch (NoSuchFileException e) {
            throw new GraftException(file + ": no such file; train a model with 'graft train' first", e);
        } catch (ZipException e) {
            throw broken(file, "it is not a bundle, or cut off (" + e.getMessage() + ")", e);
        } catch (JsonProcessingException e) {
            throw broken(file, "its description cannot be read (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be read: " + e.getMessage() + "; check the path and permissions", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static void checkFormat(JsonNode manifest, Path file) {
        int format = manifest.path("format").asInt(0);
        if (format > FORMAT) {
            throw new GraftException(file + ": made by Graft "
                    + manifest.path("graft").asText("?") + " in format " + format + ", this is " + GraftVersion.get()
                    + ", which reads up to " + FORMAT + "; use a newer Graft");
        }
        if (format < 1) {
            throw broken(file, "it says no format", null);
        }
    }

    private static Model model(JsonNode json, Path file) {
        try {
            return ModelJson.read(json);
        } catch (GraftException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the model takes pictures of the geometry and gives a logit a label, within a sane size. */
    private static void checkFit(Model model, List<String> labels, InputGeometry geometry, Path file) {
        List<Shape> inputs = model.inputs().stream().map(Node::shape).toList();
        List<Shape> outputs = model.outputs().stream().map(Node::shape).toList();
        if (!inputs.equals(List.of(Shape.batchOf(3, geometry.size(), geometry.size())))) {
            throw broken(file, "its model takes " + inputs + ", its pictures are of " + geometry.size(), null);
        }
        if (!outputs.equals(List.of(Shape.batchOf(labels.size())))) {
            throw broken(file, "its model gives " + outputs + " for " + labels.size() + " labels", null);
        }
        for (Step step : Program.of(model).steps()) {
            if (step.shape().itemElements() > LARGEST_VALUE) {
                throw broken(file, "its layer " + step.path() + " gives " + step.shape(), null);
            }
        }
    }

    private static byte[] bytes(ZipFile zip, Path file, String name, long largest) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw broken(file, "it has no " + name, null);
        }
        // Stored entries are as large as they say, so nothing can unfold into more than the file's own size.
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > largest) {
            throw broken(file, name + " is compressed or too large", null);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            CRC32 crc = new CRC32();
            crc.update(bytes);
            if (bytes.length != entry.getSize() || crc.getValue() != entry.getCrc()) {
                throw broken(file, name + " is damaged", null);
            }
            return bytes;
        }
    }

    private static GraftException broken(Path file, String what, @Nullable Exception cause) {
        return new GraftException(
                file + ": no sound .graft bundle: " + what + "; train it again or copy it anew", cause);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<Float> floats(JsonNode array) {
        List<Float> floats = new ArrayList<>();
        array.forEach(number -> floats.add((float) number.asDouble()));
        return floats;
    }

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
            put(zip, MANIFEST, to -> to.write(JSON.writeValueAsBytes(manifest(bundle))));
            put(zip, PROVENANCE, to -> to.write(JSON.writeValueAsBytes(bundle.provenance())));
            put(zip, WEIGHTS, to -> Safetensors.write(to, bundle.network().weights(), Map.of("format", "pt")));
        }
    }

    private static ObjectNode manifest(Bundle bundle) {
        ObjectNode manifest = JSON.createObjectNode().put("format", FORMAT).put("graft", GraftVersion.get());
        ArrayNode labels = manifest.putArray("labels");
        bundle.labels().forEach(labels::add);
        manifest.set("geometry", JSON.valueToTree(bundle.geometry()));
        manifest.set("model", ModelJson.write(bundle.network().model()));
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
