package dev.graft.layers;

import static dev.graft.testing.Reference.at;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A stored case of {@code layers_*.json}, as a model of ours with the case's numbers. */
record LayerCase(JsonNode json) {
    static Stream<LayerCase> all() {
        return Stream.of("conv", "separable", "norm", "activation", "pooling", "core", "tokens")
                .flatMap(group -> Reference.each(Reference.read("layers_" + group + ".json")))
                .map(LayerCase::new);
    }

    static LayerCase named(String name) {
        return all().filter(each -> each.toString().equals(name)).findFirst().orElseThrow();
    }

    boolean training() {
        return at(json, "training").booleanValue();
    }

    List<HostTensor> inputs() {
        return Reference.tensors(at(json, "inputs"));
    }

    /** Weights and buffers by full name. */
    Map<String, HostTensor> weights() {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        Reference.named(at(json, "weights")).forEach((name, value) -> weights.put(fullName(name), value));
        Reference.named(at(json, "buffers")).forEach((name, value) -> weights.put(fullName(name), value));
        return weights;
    }

    /** Squeeze-and-excite is several layers, whose names are in its weights' names already; a nameless weight has none. */
    String fullName(String weight) {
        if (weight.isEmpty()) {
            return "layer";
        }
        return at(json, "layer").textValue().equals("SqueezeExcite") ? weight : "layer." + weight;
    }

    HostTensor tensor(String key) {
        return Reference.tensor(at(json, key));
    }

    Model model() {
        List<Node> inputs = new ArrayList<>();
        for (HostTensor input : inputs()) {
            int[] sizes = input.shape().sizes();
            inputs.add(Node.input(Arrays.copyOfRange(sizes, 1, sizes.length)));
        }
        String kind = at(json, "layer").textValue();
        Node output = kind.equals("SqueezeExcite")
                ? squeezeExcite(inputs.get(0))
                : Node.of("layer", layer(kind, at(json, "config")), inputs.toArray(Node[]::new));
        return Model.of("case", inputs, List.of(output));
    }

    private static Layer layer(String kind, JsonNode config) {
        return switch (kind) {
            case "Conv2D" -> convolution(config);
            case "SeparableConv2D" ->
                SeparableConv2D.of(at(config, "filters").intValue(), same(config, "kernel_size"))
                        .stride(same(config, "strides"))
                        .padding(padding(config))
                        .withBias(flag(config, "use_bias"));
            case "Dense" -> {
                Dense dense = Dense.of(at(config, "units").intValue());
                yield flag(config, "use_bias") ? dense : dense.noBias();
            }
            case "BatchNormalization" ->
                BatchNormalization.of(number(config, "epsilon")).withMomentum(number(config, "momentum"));
            case "Rescaling" -> new Rescaling(number(config, "scale"), number(config, "offset"));
            case "Normalization" ->
                new Normalization(Reference.doubles(at(config, "mean")), Reference.doubles(at(config, "std")));
            case "Activation" ->
                Activation.of(Activation.Kind.valueOf(
                        at(config, "activation").textValue().toUpperCase(Locale.ROOT)));
            case "MaxPooling2D" ->
                MaxPooling2D.of(same(config, "pool_size"))
                        .stride(same(config, "strides"))
                        .padding(padding(config));
            case "AveragePooling2D" ->
                AveragePooling2D.of(same(config, "pool_size"))
                        .stride(same(config, "strides"))
                        .padding(padding(config))
                        .countPadding(flag(config, "count_include_pad"));
            case "AdaptiveAveragePooling2D" -> {
                int[] size = Reference.ints(at(config, "output_size"));
                yield new AdaptiveAveragePooling2D(size[0], size[1]);
            }
            case "GlobalAveragePooling2D" ->
                flag(config, "keepdims") ? GlobalAveragePooling2D.keepingDims() : GlobalAveragePooling2D.of();
            case "GlobalMaxPooling2D" -> flag(config, "keepdims") ? new KeptMaximum() : new GlobalMaxPooling2D();
            case "Flatten" -> new Flatten();
            case "Add" -> new Add();
            case "Multiply" -> new Multiply();
            case "Concatenate" -> new Concatenate();
            case "LayerNormalization" -> LayerNormalization.of(number(config, "epsilon"));
            case "PixelDense" -> PixelDense.of(at(config, "units").intValue());
            case "LayerScale" -> LayerScale.of(number(config, "initial"));
            case "Tokens" -> new Tokens();
            case "ClassToken" -> new ClassToken();
            case "FirstToken" -> new FirstToken();
            case "PositionEmbedding" -> PositionEmbedding.of(at(config, "grid").intValue());
            case "MultiHeadAttention" ->
                MultiHeadAttention.of(at(config, "heads").intValue());
            default -> throw new IllegalArgumentException("the reference has a layer that no test knows: " + kind);
        };
    }

    private static Conv2D convolution(JsonNode config) {
        int[] kernel = Reference.ints(at(config, "kernel_size"));
        return new Conv2D(
                at(config, "filters").intValue(),
                kernel[0],
                kernel[1],
                same(config, "strides"),
                padding(config),
                same(config, "dilation"),
                at(config, "groups").intValue(),
                flag(config, "use_bias"));
    }

    private Node squeezeExcite(Node input) {
        int squeezed = at(at(json, "config"), "squeezed").intValue();
        Node gate = input.then("pool", GlobalAveragePooling2D.keepingDims())
                .then("fc1", Conv2D.of(squeezed, 1))
                .then("activation", Activation.relu())
                .then("fc2", Conv2D.of(input.shape().size(1), 1))
                .then("gate", Activation.of(Activation.Kind.HARD_SIGMOID));
        return Node.of("scale", new Multiply(), input, gate);
    }

    private static Padding padding(JsonNode config) {
        JsonNode sides = at(config, "padding");
        return new Padding.Pixels(
                at(sides, "top").intValue(),
                at(sides, "left").intValue(),
                at(sides, "bottom").intValue(),
                at(sides, "right").intValue());
    }

    /** A pair [height, width] where we have one number for both. */
    private static int same(JsonNode config, String key) {
        int[] pair = Reference.ints(at(config, key));
        if (pair[0] != pair[1]) {
            throw new IllegalArgumentException(key + " differs by direction, which our layers do not know");
        }
        return pair[0];
    }

    private static boolean flag(JsonNode config, String key) {
        return at(config, key).booleanValue();
    }

    private static double number(JsonNode config, String key) {
        return at(config, key).doubleValue();
    }

    /** No layer of ours keeps the dimensions of a global maximum, but the operation that ours flattens does. */
    private record KeptMaximum() implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.batchOf(inputs.get(0).size(1), 1, 1);
        }

        @Override
        public <T> T forward(Call<T> call) {
            return call.ops().globalMaxPool(call.input());
        }
    }

    @Override
    public String toString() {
        return at(json, "name").textValue();
    }
}
