package dev.graft.model;

import dev.graft.GraftException;
import dev.graft.layers.Call;
import dev.graft.layers.Layer;
import dev.graft.layers.WeightSpec;
import dev.graft.tensor.Ops;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A model as engines run it: nested models inlined, layers in the order of computation. Values are numbered: the inputs
 * first, then one a step. Layers are named by their path ({@code backbone.features.0.0}), weights by path and short name.
 *
 * @param inputs the shapes that come in, with the batch open
 * @param steps the layers' calls, each after those it needs
 * @param outputs the numbers of the values that go out
 */
public record Program(List<Shape> inputs, List<Step> steps, List<Integer> outputs) {
    /**
     * One layer's call.
     *
     * @param path the layer's name with the names of the models round it
     * @param inputs numbers of the values that it takes
     * @param inputShapes their shapes
     * @param shape what it gives
     * @param inference whether a model round it is called in inference mode
     */
    public record Step(
            String path, Layer layer, List<Integer> inputs, List<Shape> inputShapes, Shape shape, boolean inference) {
        public List<WeightSpec> weights() {
            return layer.weights(inputShapes);
        }

        /** How many numbers its weights hold. */
        public long parameters() {
            return weights().stream().mapToLong(spec -> spec.shape().elements()).sum();
        }

        /** The full name of one of its weights. */
        public String weightName(WeightSpec spec) {
            return weightName(spec.name());
        }

        private String weightName(String own) {
            return own.isEmpty() ? path : path + "." + own;
        }
    }

    public Program {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
    }

    /**
     * Inlines a model.
     *
     * @throws GraftException if two layers have the same path, or the calls of a shared layer need different weights
     */
    public static Program of(Model model) {
        List<Shape> inputs = model.inputs().stream().map(Node::shape).toList();
        Map<Node, Integer> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            values.put(model.inputs().get(i), i);
        }
        Inlining inlining = new Inlining(model.name(), inputs.size());
        inlining.inline(model, "", false, values);
        return new Program(
                inputs,
                inlining.steps,
                model.outputs().stream().map(values::get).toList());
    }

    /** One walk through a model and those nested in it. */
    private static final class Inlining {
        private final String model;
        private final int inputCount;
        private final List<Step> steps = new ArrayList<>();
        private final Map<String, Object> owners = new HashMap<>();
        private final Map<String, Step> firstCalls = new HashMap<>();

        Inlining(String model, int inputCount) {
            this.model = model;
            this.inputCount = inputCount;
        }

        void inline(Model drawn, String prefix, boolean inference, Map<Node, Integer> values) {
            Map<Object, Map<Node, Integer>> calls = new HashMap<>();
            for (Node node : drawn.nodes()) {
                List<Integer> inputs = node.inputs().stream().map(values::get).toList();
                String path = prefix + node.name();
                Model nested = Model.within(node.layer());
                if (nested != null) {
                    Map<Node, Integer> inner = calls.get(node.output().call());
                    if (inner == null) {
                        inner = new HashMap<>();
                        for (int i = 0; i < inputs.size(); i++) {
                            inner.put(nested.inputs().get(i), inputs.get(i));
                        }
                        inline(nested, path + ".", inference || node.layer() instanceof Model.Pinned, inner);
                        calls.put(node.output().call(), inner);
                    }
                    values.put(
                            node, inner.get(nested.outputs().get(node.output().number())));
                } else {
                    List<Shape> shapes = node.inputs().stream().map(Node::shape).toList();
                    Step step = new Step(path, node.layer(), inputs, shapes, node.shape(), inference);
                    checkWeights(step, node.identity());
                    steps.add(step);
                    values.put(node, inputCount + steps.size() - 1);
                }
            }
        }

        /** A layer 'a.b' and the layer 'b' of a nested model 'a' would share their weights without being one layer. */
        private void checkWeights(Step step, Object owner) {
            Object before = owners.putIfAbsent(step.path(), owner);
            if (before != null && before != owner) {
                throw new GraftException("model '" + model + "' has two layers '" + step.path()
                        + "', one of them in a nested model; rename one");
            }
            Step first = firstCalls.putIfAbsent(step.path(), step);
            if (first != null && !first.weights().equals(step.weights())) {
                throw new GraftException(step.layer().typeName() + " '" + step.path() + "': called on "
                        + first.inputShapes() + " and on " + step.inputShapes()
                        + ", which need weights of different shapes; a shared layer takes inputs of one shape");
            }
        }
    }

    /** The step that makes a value, which is not an input. */
    public Step producer(int value) {
        return steps.get(value - inputs.size());
    }

    public boolean isInput(int value) {
        return value < inputs.size();
    }

    /** The number of the value that a step makes. */
    public int valueOf(int step) {
        return inputs.size() + step;
    }

    public Shape shapeOf(int value) {
        return isInput(value) ? inputs.get(value) : producer(value).shape();
    }

    /** How often each value is used, as an input of a step or as an output. */
    public int[] uses() {
        int[] uses = new int[inputs.size() + steps.size()];
        steps.forEach(step -> step.inputs().forEach(value -> uses[value]++));
        outputs.forEach(value -> uses[value]++);
        return uses;
    }

    /** How often each layer is called, by path: more than once for a shared one. */
    public Map<String, Long> calls() {
        return steps.stream().collect(Collectors.groupingBy(Step::path, Collectors.counting()));
    }

    /** All weights by full name, in the order of computation. */
    public Map<String, WeightSpec> weights() {
        Map<String, WeightSpec> weights = new LinkedHashMap<>();
        for (Step step : steps) {
            step.weights().forEach(spec -> weights.put(step.weightName(spec), spec));
        }
        return weights;
    }

    /** The {@link Layer#multiplyAdds} of all calls for one example: half of what some call floating-point operations. */
    public long multiplyAdds() {
        return steps.stream()
                .mapToLong(step -> step.layer().multiplyAdds(step.inputShapes()))
                .sum();
    }

    /** The numbers in all weights that are trained; statistics are not. */
    public long parameters() {
        return weights().values().stream()
                .filter(WeightSpec::trainable)
                .mapToLong(spec -> spec.shape().elements())
                .sum();
    }

    /** The shape of every weight by full name, in the order of computation. */
    public Map<String, Shape> weightShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        weights().forEach((name, spec) -> shapes.put(name, spec.shape()));
        return shapes;
    }

    /** The shapes of the weights of layers that are called on an input of the program, by full name. */
    public Map<String, Shape> weightShapesOnInputs() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        steps.stream()
                .filter(step -> step.inputs().stream().allMatch(this::isInput))
                .forEach(step -> step.weights().forEach(spec -> shapes.put(step.weightName(spec), spec.shape())));
        return shapes;
    }

    /**
     * Computes the outputs in an engine.
     *
     * @param weights gives a weight by its full name
     * @param values the inputs, in order
     * @param training whether dropout drops and trainable batch normalisation uses the batch; not in models that are
     *     called in inference mode
     * @param trainable whether the layer of a step is trainable
     */
    public <T> List<T> run(
            Ops<T> ops, Function<String, T> weights, List<T> values, boolean training, Predicate<Step> trainable) {
        List<T> all = new ArrayList<>(values);
        for (Step step : steps) {
            Call<T> call = new Call<>(
                    ops,
                    step.inputs().stream().map(all::get).toList(),
                    step.inputShapes(),
                    name -> weights.apply(step.weightName(name)),
                    training && !step.inference(),
                    trainable.test(step));
            all.add(forward(step, call));
        }
        return outputs.stream().map(all::get).toList();
    }

    /** What an engine refuses, for the shapes of a batch say, is told with the layer's name. */
    private static <T> T forward(Step step, Call<T> call) {
        try {
            return step.layer().forward(call);
        } catch (IllegalStateException | IllegalArgumentException ours) {
            throw ours;
        } catch (RuntimeException failure) {
            String reason =
                    String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
            throw new GraftException(step.layer().typeName() + " '" + step.path() + "': " + reason, failure);
        }
    }

    /** Computes the outputs as prediction does: no dropout, stored statistics. */
    public <T> List<T> infer(Ops<T> ops, Function<String, T> weights, List<T> values) {
        return run(ops, weights, values, false, step -> false);
    }
}
