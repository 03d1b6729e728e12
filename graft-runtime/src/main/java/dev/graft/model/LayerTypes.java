package dev.graft.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.layers.Activation;
import dev.graft.layers.AdaptiveAveragePooling2D;
import dev.graft.layers.Add;
import dev.graft.layers.AveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.ClassToken;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.CosineDense;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.layers.FirstToken;
import dev.graft.layers.Flatten;
import dev.graft.layers.ForeignGraph;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.GlobalMaxPooling2D;
import dev.graft.layers.Layer;
import dev.graft.layers.LayerNormalization;
import dev.graft.layers.LayerScale;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.MultiHeadAttention;
import dev.graft.layers.Multiply;
import dev.graft.layers.NearestNeighbours;
import dev.graft.layers.Normalization;
import dev.graft.layers.PixelDense;
import dev.graft.layers.PositionEmbedding;
import dev.graft.layers.Rescaling;
import dev.graft.layers.SeparableConv2D;
import dev.graft.layers.StochasticDepth;
import dev.graft.layers.Tokens;
import dev.graft.preprocessing.CenterCrop;
import dev.graft.preprocessing.ColorJitter;
import dev.graft.preprocessing.RandAugment;
import dev.graft.preprocessing.RandomBrightness;
import dev.graft.preprocessing.RandomContrast;
import dev.graft.preprocessing.RandomCrop;
import dev.graft.preprocessing.RandomFlip;
import dev.graft.preprocessing.RandomResizedCrop;
import dev.graft.preprocessing.RandomRotation;
import dev.graft.preprocessing.RandomTranslation;
import dev.graft.preprocessing.RandomZoom;
import dev.graft.preprocessing.Resizing;
import dev.graft.preprocessing.TrivialAugment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kinds of layer that a saved model may name, and their configuration as JSON. Only registered records are ever made
 * from a file, so a file cannot name a class to run.
 */
public final class LayerTypes {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    private static final int LONGEST_SHOWN = 1000;
    private static final Map<String, Class<? extends Layer>> TYPES = new ConcurrentHashMap<>();

    static {
        List.of(
                        Activation.class,
                        AdaptiveAveragePooling2D.class,
                        Add.class,
                        AveragePooling2D.class,
                        BatchNormalization.class,
                        CenterCrop.class,
                        ClassToken.class,
                        ColorJitter.class,
                        Concatenate.class,
                        Conv2D.class,
                        CosineDense.class,
                        Dense.class,
                        Dropout.class,
                        FirstToken.class,
                        Flatten.class,
                        ForeignGraph.class,
                        GlobalAveragePooling2D.class,
                        GlobalMaxPooling2D.class,
                        LayerNormalization.class,
                        LayerScale.class,
                        MaxPooling2D.class,
                        MultiHeadAttention.class,
                        NearestNeighbours.class,
                        Multiply.class,
                        Normalization.class,
                        PixelDense.class,
                        PositionEmbedding.class,
                        RandAugment.class,
                        RandomBrightness.class,
                        RandomContrast.class,
                        RandomCrop.class,
                        RandomFlip.class,
                        RandomResizedCrop.class,
                        RandomRotation.class,
                        RandomTranslation.class,
                        RandomZoom.class,
                        Rescaling.class,
                        Resizing.class,
                        SeparableConv2D.class,
                        StochasticDepth.class,
                        Tokens.class,
                        TrivialAugment.class)
                .forEach(LayerTypes::register);
    }

    private LayerTypes() {}

    /** Makes a user's own record known under its simple name. */
    public static void register(Class<? extends Layer> type) {
        Class<? extends Layer> before =
                type.isRecord() ? TYPES.putIfAbsent(type.getSimpleName(), type) : TYPES.get(type.getSimpleName());
        if (!type.isRecord() || (before != null && before != type)) {
            throw new IllegalArgumentException(
                    type + ": a layer is a record with a name of its own" + (before == null ? "" : ", not " + before));
        }
    }

    /** The configuration: the record's components. */
    public static ObjectNode toJson(Layer layer) {
        return JSON.valueToTree(layer);
    }

    /**
     * The layer of that kind and configuration.
     *
     * @throws GraftException if the kind is unknown or the configuration does not fit it
     */
    public static Layer fromJson(String type, ObjectNode config) {
        Class<? extends Layer> known = TYPES.get(type);
        if (known == null) {
            String hint = Nearest.hint(type, TYPES.keySet());
            throw new GraftException("unknown kind of layer '" + type + "'"
                    + (hint.isEmpty() ? "; register it with LayerTypes.register" : hint));
        }
        try {
            return JSON.treeToValue(config, known);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new GraftException(
                    "layer " + type + ": configuration " + start(config) + " does not fit it; " + fitting(known, e), e);
        }
    }

    /** What a configuration should be: as the layer itself says, where that refused it. */
    private static String fitting(Class<? extends Layer> type, Exception refusal) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause.getClass() == IllegalArgumentException.class && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return Stream.of(type.getRecordComponents())
                .map(part -> part.getName() + " (" + part.getType().getSimpleName() + ")")
                .collect(Collectors.joining(", ", "expected ", ""));
    }

    /** A layer's configuration may hold a whole network. */
    private static String start(ObjectNode config) {
        String text = config.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + " ...";
    }
}
