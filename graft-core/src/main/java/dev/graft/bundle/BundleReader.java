package dev.graft.bundle;

import static dev.graft.bundle.BundleFormat.JSON;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.RegularFile;
import dev.graft.data.InputGeometry;
import dev.graft.model.Model;
import dev.graft.model.ModelJson;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.report.Familiarity;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import dev.graft.weights.StrictLoad;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Reads bundles, which may come from anywhere: nothing is believed before it is checked, every refusal names the file. */
final class BundleReader {
    private static final long LARGEST_JSON = 64L << 20;
    /** How many numbers a layer may give for one picture: more would be 1 GB. */
    private static final long LARGEST_VALUE = 1L << 28;

    private final Path file;

    private BundleReader(Path file) {
        this.file = file;
    }

    static Bundle read(Path file) {
        return new BundleReader(file).read();
    }

    private Bundle read() {
        RegularFile.require(file, "give the file that 'graft train' has made");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            JsonNode manifest = JSON.readTree(bytes(zip, BundleFormat.MANIFEST, LARGEST_JSON));
            checkFormat(manifest);
            Model model = model(manifest.path("model"));
            List<String> labels = texts(manifest.path("labels"));
            if (!(manifest.get("geometry") instanceof ObjectNode square)) {
                throw broken("it has no geometry", null);
            }
            InputGeometry geometry = JSON.treeToValue(square, InputGeometry.class);
            checkFit(model, labels, geometry);
            String weightsName = file + "!" + BundleFormat.WEIGHTS;
            byte[] stored = bytes(zip, BundleFormat.WEIGHTS, Integer.MAX_VALUE - 16);
            Map<String, HostTensor> weights = StrictLoad.of(Program.of(model).weightShapes())
                    .from(Safetensors.read(weightsName, ByteBuffer.wrap(stored)));
            JsonNode provenance = JSON.readTree(bytes(zip, BundleFormat.PROVENANCE, LARGEST_JSON));
            if (!(provenance instanceof ObjectNode object)) {
                throw broken(BundleFormat.PROVENANCE + " is no object", null);
            }
            Network network = Network.of(model, weights, 0);
            freeze(network, texts(manifest.path("frozen")));
            Confidence confidence = new Confidence(
                    manifest.path("temperature").asDouble(Double.NaN), familiarity(zip, manifest, network));
            return new Bundle(labels, geometry, network, floats(manifest.path("test")), confidence, object);
        } catch (NoSuchFileException e) {
            throw new GraftException(file + ": no such file; train a model with 'graft train' first", e);
        } catch (ZipException e) {
            throw broken("it is not a bundle, or cut off (" + e.getMessage() + ")", e);
        } catch (JsonProcessingException e) {
            throw broken("its description cannot be read (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be read: " + e.getMessage() + "; check the path and permissions", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw broken(String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable Familiarity familiarity(ZipFile zip, JsonNode manifest, Network network) throws IOException {
        if (!manifest.has("threshold")) {
            return null;
        }
        Program program = Penultimate.of(network.program())
                .orElseThrow(() -> broken("it has a threshold for features, its model has no features", null));
        byte[] stored = bytes(zip, BundleFormat.FAMILIAR, Integer.MAX_VALUE - 16);
        HostTensor examples = Safetensors.read(file + "!" + BundleFormat.FAMILIAR, ByteBuffer.wrap(stored))
                .read(BundleFormat.EXAMPLES);
        int width = program.shapeOf(program.outputs().get(1)).size(1);
        if (examples.shape().rank() != 2 || examples.shape().size(1) != width) {
            throw broken(BundleFormat.FAMILIAR + " has no examples of " + width + " features", null);
        }
        return new Familiarity(examples, manifest.path("threshold").asDouble(Double.NaN));
    }

    private void checkFormat(JsonNode manifest) {
        int format = manifest.path("format").asInt(0);
        if (format > BundleFormat.VERSION) {
            throw new GraftException(file + ": made by Graft "
                    + manifest.path("graft").asText("?") + " in format " + format + ", this is " + GraftVersion.get()
                    + ", which reads up to " + BundleFormat.VERSION + "; use a newer Graft");
        }
        if (format < 1) {
            throw broken("it says no format", null);
        }
        if (format < BundleFormat.VERSION) {
            throw new GraftException(file + ": made by a Graft of before its first release, in format " + format
                    + "; this one reads format " + BundleFormat.VERSION + "; train it again");
        }
    }

    private void freeze(Network network, List<String> layers) {
        Set<String> known = Set.copyOf(network.layerNames());
        for (String layer : layers) {
            if (!known.contains(layer)) {
                throw broken("it freezes a layer '" + layer + "' that it does not have", null);
            }
            network.layers(layer).setTrainable(false);
        }
    }

    private Model model(JsonNode json) {
        try {
            return ModelJson.read(json);
        } catch (GraftException e) {
            throw broken(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the model takes pictures of the geometry and gives a logit a label, within a sane size. */
    private void checkFit(Model model, List<String> labels, InputGeometry geometry) {
        List<Shape> inputs = model.inputs().stream().map(Node::shape).toList();
        List<Shape> outputs = model.outputs().stream().map(Node::shape).toList();
        if (!inputs.equals(List.of(Shape.batchOf(3, geometry.size(), geometry.size())))) {
            throw broken("its model takes " + inputs + ", its pictures are of " + geometry.size(), null);
        }
        if (!outputs.equals(List.of(Shape.batchOf(labels.size())))) {
            throw broken("its model gives " + outputs + " for " + labels.size() + " labels", null);
        }
        for (Step step : Program.of(model).steps()) {
            if (step.shape().itemElements() > LARGEST_VALUE) {
                throw broken("its layer " + step.path() + " gives " + step.shape(), null);
            }
        }
    }

    private byte[] bytes(ZipFile zip, String name, long largest) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw broken("it has no " + name, null);
        }
        // Stored entries are as large as they say, so nothing can unfold into more than the file's own size.
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > largest) {
            throw broken(name + " is compressed or too large", null);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            CRC32 crc = new CRC32();
            crc.update(bytes);
            if (bytes.length != entry.getSize() || crc.getValue() != entry.getCrc()) {
                throw broken(name + " is damaged", null);
            }
            return bytes;
        }
    }

    private GraftException broken(String what, @Nullable Exception cause) {
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
}
