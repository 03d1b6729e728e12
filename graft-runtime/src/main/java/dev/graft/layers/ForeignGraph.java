package dev.graft.layers;

import dev.graft.tensor.Shape;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network from an ONNX file as one layer, cut where its features are: {@code onnx.OnnxBackbone} makes it. It runs in
 * ONNX Runtime only; so nothing in it ever trains, and its weights count as statistics do.
 *
 * <p>Shape {@code [N, 3, H, W] -> [N, units]}; weights by the names of the file.
 *
 * @param height of the pictures, as the file's shapes were computed with
 * @param width likewise
 * @param units how many features it gives
 * @param weights the sizes of each weight
 * @param anyBatch whether it takes any number of pictures at once; else one
 * @param graph the nodes and what is no weight: a serialised ModelProto in Base64
 */
public record ForeignGraph(
        int height, int width, int units, Map<String, List<Integer>> weights, boolean anyBatch, String graph)
        implements Layer {
    public ForeignGraph {
        if (height < 1 || width < 1 || units < 1) {
            throw new IllegalArgumentException("ForeignGraph: expected positive sizes, got " + height + "x" + width
                    + " pixels and " + units + " units");
        }
        Map<String, List<Integer>> sizes = new LinkedHashMap<>();
        weights.forEach((name, size) -> {
            if (name.isEmpty() || size.stream().anyMatch(length -> length < 1)) {
                throw new IllegalArgumentException("ForeignGraph: a weight '" + name + "' of sizes " + size);
            }
            sizes.put(name, List.copyOf(size));
        });
        weights = Collections.unmodifiableMap(sizes);
        Objects.requireNonNull(Base64.getDecoder().decode(graph));
    }

    /** The same for one picture at a time. */
    public ForeignGraph onePicture() {
        return new ForeignGraph(height, width, units, weights, false, graph);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.single(inputs);
        if (!input.equals(Shape.batchOf(3, height, width))) {
            throw new ShapeException(
                    "[N, 3, " + height + ", " + width + "]", inputs, "cut the ONNX file for pictures of that size");
        }
        return Shape.batchOf(units);
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return weights.entrySet().stream()
                .map(weight -> WeightSpec.statistic(weight.getKey(), shape(weight.getValue()), Init.zeros()))
                .toList();
    }

    private static Shape shape(List<Integer> sizes) {
        return new Shape(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public <T> T forward(Call<T> call) {
        Map<String, T> values = new LinkedHashMap<>();
        weights.keySet().forEach(name -> values.put(name, call.weight(name)));
        return call.ops().graph(call.input(), Base64.getDecoder().decode(graph), values);
    }

    /** Without the nodes, which are many. */
    @Override
    public String toString() {
        return "ForeignGraph[" + height + "x" + width + " -> " + units + ", " + weights.size() + " weights]";
    }
}
