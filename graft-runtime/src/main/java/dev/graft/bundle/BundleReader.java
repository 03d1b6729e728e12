package dev.graft.bundle;

import static dev.graft.bundle.BundleFormat.JSON;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.JsonText;
import dev.graft.RegularFile;
import dev.graft.data.InputGeometry;
import dev.graft.model.Model;
import dev.graft.model.ModelJson;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.report.InDistribution;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import dev.graft.weights.StrictLoad;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Reads bundles, which may come from anywhere: nothing is believed before it is checked, every refusal names the file. */
final class BundleReader {
    private static final long LARGEST_JSON = 64L << 20;
    /** How many numbers a layer may give for one picture: more would be 1 GB. */
    private static final long LARGEST_VALUE = 1L << 28;

    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_MESSAGE = 600;

    private final String file;

    private BundleReader(String file) {
        this.file = file;
    }

    static Bundle read(Path file) {
        return read(file, file.toString());
    }

    /** Reads a file that messages call by another name. */
    static Bundle read(Path file, String name) {
        BundleReader reader = new BundleReader(name);
        return reader.open(file, reader::bundle);
    }

    /** What a bundle says of itself, all but its numbers; checked. */
    record Description(
            JsonNode manifest,
            Model model,
            List<String> labels,
            InputGeometry geometry,
            List<String> frozen,
            List<Float> test,
            double temperature,
            ObjectNode provenance) {}

    private interface Content<T> {
        T read(ZipFile zip) throws IOException;
    }

    /** Opens the file, and says in a line what is wrong with it. */
    private <T> T open(Path path, Content<T> content) {
        RegularFile.require(path, "give the file that 'graft train' has made");
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return content.read(zip);
        } catch (NoSuchFileException e) {
            throw new GraftException(file + ": no such file; train a model with 'graft train' first", e);
        } catch (ZipException e) {
            throw broken("it is not a bundle, or cut off (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be read: " + e.getMessage() + "; check the path and permissions", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw broken(String.valueOf(e.getMessage()), e);
        }
    }

    private Bundle bundle(ZipFile zip) throws IOException {
        Description said = description(zip);
        String weightsName = file + "!" + BundleFormat.WEIGHTS;
        byte[] stored = bytes(zip, BundleFormat.WEIGHTS, Integer.MAX_VALUE - 16);
        Map<String, HostTensor> weights = StrictLoad.of(Program.of(said.model).weightShapes())
                .from(Safetensors.read(weightsName, ByteBuffer.wrap(stored)));
        Network network = Network.of(said.model, weights, 0);
        freeze(network, said.frozen);
        Confidence confidence = new Confidence(said.temperature, inDistribution(zip, said.manifest, network));
        return new Bundle(said.labels, said.geometry, network, said.test, confidence, said.provenance);
    }

    private Description description(ZipFile zip) throws IOException {
        JsonNode manifest = json(zip, BundleFormat.MANIFEST);
        checkFormat(manifest);
        checkEntries(zip);
        Model model = model(manifest.path("model"));
        List<String> labels = labels(manifest.path("labels"));
        if (!(manifest.get("geometry") instanceof ObjectNode square)) {
            throw broken("it has no geometry", null);
        }
        InputGeometry geometry = geometry(square);
        checkFit(model, labels, geometry);
        JsonNode provenance = json(zip, BundleFormat.PROVENANCE);
        if (!(provenance instanceof ObjectNode object)) {
            throw broken(BundleFormat.PROVENANCE + " is no object", null);
        }
        return new Description(
                manifest,
                model,
                labels,
                geometry,
                texts(manifest.path("frozen")),
                floats(manifest.path("test")),
                manifest.path("temperature").asDouble(Double.NaN),
                object);
    }

    private @Nullable InDistribution inDistribution(ZipFile zip, JsonNode manifest, Network network)
            throws IOException {
        if (!manifest.has("threshold")) {
            return null;
        }
        Program program = Penultimate.of(network.program())
                .orElseThrow(() -> broken("it has a threshold for features, its model has no features", null));
        byte[] stored = bytes(zip, BundleFormat.IN_DISTRIBUTION, Integer.MAX_VALUE - 16);
        HostTensor examples = Safetensors.read(file + "!" + BundleFormat.IN_DISTRIBUTION, ByteBuffer.wrap(stored))
                .read(BundleFormat.EXAMPLES);
        int width = program.shapeOf(program.outputs().get(1)).size(1);
        if (examples.shape().rank() != 2 || examples.shape().size(1) != width) {
            throw broken(BundleFormat.IN_DISTRIBUTION + " has no examples of " + width + " features", null);
        }
        return new InDistribution(examples, manifest.path("threshold").asDouble(Double.NaN));
    }

    private void checkFormat(JsonNode manifest) {
        JsonNode said = manifest.path("format");
        // A number beyond an int is of a later time too.
        int format = said.isIntegralNumber() ? said.canConvertToInt() ? said.intValue() : Integer.MAX_VALUE : 0;
        if (format > BundleFormat.VERSION) {
            throw new GraftException(file + ": made by Graft "
                    + printable(manifest.path("graft").asText("?")) + " in format " + said + ", this is "
                    + GraftVersion.get()
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

    /** Each entry is one that a bundle has, and there once: whoever reads another copy would see another model. */
    private void checkEntries(ZipFile zip) {
        Set<String> seen = new HashSet<>();
        for (var entries = zip.entries(); entries.hasMoreElements(); ) {
            String name = entries.nextElement().getName();
            if (!BundleFormat.ENTRIES.contains(name)) {
                throw broken("it holds '" + printable(name) + "', which no bundle has", null);
            }
            if (!seen.add(name)) {
                throw broken("it has two of " + name, null);
            }
        }
    }

    private JsonNode json(ZipFile zip, String name) throws IOException {
        byte[] bytes = bytes(zip, name, LARGEST_JSON);
        try {
            return JSON.readTree(JsonText.of(bytes));
        } catch (CharacterCodingException e) {
            throw broken(name + " is no text in UTF-8", e);
        } catch (JsonProcessingException e) {
            throw broken(name + " " + JsonText.fault(e), e);
        }
    }

    private InputGeometry geometry(ObjectNode said) {
        try {
            return JSON.treeToValue(said, InputGeometry.class);
        } catch (JsonProcessingException e) {
            throw e.getCause() instanceof IllegalArgumentException wrong
                    ? broken("its geometry cannot be: " + wrong.getMessage(), e)
                    : broken("its geometry is none that is known: " + printable(said.toString()), e);
        }
    }

    private ZipEntry entry(ZipFile zip, String name, long largest) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw broken("it has no " + name, null);
        }
        // Stored entries are as large as they say, so nothing can unfold into more than the file's own size.
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > largest) {
            throw broken(name + " is compressed or too large", null);
        }
        return entry;
    }

    private byte[] bytes(ZipFile zip, String name, long largest) throws IOException {
        ZipEntry entry = entry(zip, name, largest);
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

    /** Looks at the bytes of an entry, of which no more need be in memory than the look takes. */
    interface Look {
        void at(InputStream in, long size) throws IOException;
    }

    /**
     * Reads what a bundle says of itself, and looks at its other entries.
     *
     * @param looks by the name of the entry
     */
    static Description describe(Path path, String name, Map<String, Look> looks) {
        BundleReader reader = new BundleReader(name);
        return reader.open(path, zip -> {
            Description said = reader.description(zip);
            for (Map.Entry<String, Look> look : looks.entrySet()) {
                ZipEntry entry = reader.entry(zip, look.getKey(), Long.MAX_VALUE);
                CRC32 crc = new CRC32();
                try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
                    look.getValue().at(in, entry.getSize());
                }
                if (crc.getValue() != entry.getCrc()) {
                    throw reader.broken(look.getKey() + " is damaged", null);
                }
            }
            return said;
        });
    }

    private GraftException broken(String what, @Nullable Exception cause) {
        return new GraftException(
                file + ": not a valid .graft bundle: " + printable(what, LONGEST_MESSAGE)
                        + "; train it again or copy it again",
                cause);
    }

    private List<String> labels(JsonNode array) {
        if (array.isObject()) {
            throw broken("it has no list of labels", null);
        }
        Set<String> labels = new LinkedHashSet<>();
        for (JsonNode label : array) {
            if (!label.isTextual() || label.textValue().isEmpty()) {
                throw broken("its label " + (labels.size() + 1) + " is no text", null);
            }
            if (!labels.add(label.textValue())) {
                throw broken("two of its labels are '" + printable(label.textValue()) + "'", null);
            }
        }
        return List.copyOf(labels);
    }

    /** A name from a file, for messages: the start of it, in one line. */
    private static String printable(String name) {
        return printable(name, LONGEST_NAME);
    }

    private static String printable(String text, int longest) {
        String line = text.replaceAll("\\p{Cc}", "?");
        return line.length() <= longest ? line : line.substring(0, longest) + "...";
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
