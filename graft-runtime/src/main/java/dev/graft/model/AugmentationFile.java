package dev.graft.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.JsonText;
import dev.graft.RegularFile;
import dev.graft.WholeFile;
import dev.graft.layers.Layer;
import dev.graft.preprocessing.Augmentation;
import dev.graft.preprocessing.RandomTransform;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An augmentation as JSON: a list of random layers, each as a model's file has it.
 *
 * <pre>{@code
 * [{"layer": "RandomFlip", "config": {"mode": "HORIZONTAL", "seed": 0}}, ...]
 * }</pre>
 */
public final class AugmentationFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final long MAX_BYTES = 1 << 20;
    private static final int MOST_LAYERS = 100;

    private AugmentationFile() {}

    /** The JSON that {@link #read} takes. */
    public static ArrayNode write(Augmentation augmentation) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (RandomTransform layer : augmentation.transforms()) {
            list.addObject().put("layer", layer.typeName()).set("config", LayerTypes.toJson(layer));
        }
        return list;
    }

    /**
     * Reads a file.
     *
     * @throws GraftException naming the file and the entry, if it cannot be read or is no list of random layers
     */
    public static Augmentation read(Path file) {
        JsonNode list = parse(file);
        if (!list.isArray() || list.size() > MOST_LAYERS) {
            throw new GraftException(file + ": expected a list [...] of at most " + MOST_LAYERS
                    + " random layers; write each as {\"layer\": \"RandomFlip\", \"config\": {...}}");
        }
        List<RandomTransform> layers = new ArrayList<>();
        for (JsonNode entry : list) {
            String where = file + ": layer " + (layers.size() + 1);
            try {
                layers.add(layer(entry));
            } catch (GraftException told) {
                throw new GraftException(where + ": " + told.getMessage(), told);
            }
        }
        return Augmentation.of(layers);
    }

    private static RandomTransform layer(JsonNode entry) {
        if (!entry.path("layer").isTextual() || !(entry.get("config") instanceof ObjectNode config)) {
            throw new GraftException("expected {\"layer\": \"NAME\", \"config\": {...}}");
        }
        Layer layer = LayerTypes.fromJson(entry.get("layer").textValue(), config);
        if (layer instanceof RandomTransform random) {
            return random;
        }
        throw new GraftException(
                layer.typeName() + " changes nothing at random; give layers such as RandomFlip or ColorJitter");
    }

    private static JsonNode parse(Path file) {
        RegularFile.require(file, "give a JSON file");
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new GraftException(file + ": larger than " + (MAX_BYTES >> 10) + " KB; give a list of layers");
            }
            return JSON.readTree(JsonText.of(Files.readAllBytes(file)));
        } catch (CharacterCodingException e) {
            throw new GraftException(file + ": is not UTF-8 text; save it as JSON in UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new GraftException(file + ": " + JsonText.fault(e) + "; correct it", e);
        } catch (IOException e) {
            String what = Files.notExists(file) ? "no such file" : "cannot be read: " + WholeFile.reason(e);
            throw new GraftException(file + ": " + what + "; give a JSON file with a list of random layers", e);
        }
    }
}
