package dev.graft.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The vectors made by {@code tools/reference}, whose README describes their keys. */
public final class Reference {
    // Decimals stay decimals until they become floats, so nothing is rounded twice.
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Reference() {}

    public static JsonNode read(String file) {
        try (InputStream in = Reference.class.getResourceAsStream("/reference/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no reference file " + file);
            }
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code {"shape", "data"}}. */
    public static HostTensor tensor(JsonNode node) {
        return HostTensor.of(shape(at(node, "shape")), floats(at(node, "data")));
    }

    public static List<HostTensor> tensors(JsonNode list) {
        List<HostTensor> tensors = new ArrayList<>();
        list.forEach(node -> tensors.add(tensor(node)));
        return tensors;
    }

    /** Tensors by name, in the order of the file. */
    public static Map<String, HostTensor> named(JsonNode object) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        object.fields().forEachRemaining(field -> tensors.put(field.getKey(), tensor(field.getValue())));
        return tensors;
    }

    /** Rows of equal length as {@code [rows, columns]}. */
    public static HostTensor matrix(JsonNode rows) {
        HostTensor matrix =
                HostTensor.allocate(Shape.of(rows.size(), rows.get(0).size()));
        int index = 0;
        for (JsonNode row : rows) {
            for (float value : floats(row)) {
                matrix.put(index++, value);
            }
        }
        return matrix;
    }

    public static Shape shape(JsonNode sizes) {
        return Shape.of(ints(sizes));
    }

    public static int[] ints(JsonNode list) {
        int[] ints = new int[list.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = list.get(i).intValue();
        }
        return ints;
    }

    public static float[] floats(JsonNode list) {
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = list.get(i).floatValue();
        }
        return floats;
    }

    public static List<Double> doubles(JsonNode list) {
        return each(list).map(JsonNode::doubleValue).toList();
    }

    /** The elements of a list. */
    public static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** The value of a key that must be there: a renamed key fails instead of comparing nothing. */
    public static JsonNode at(JsonNode object, String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the reference has no '" + key + "'");
        }
        return value;
    }
}
