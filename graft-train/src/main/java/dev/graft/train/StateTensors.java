package dev.graft.train;

import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.ParameterState;
import dev.graft.torch.TorchOptimizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a {@link TrainerState} that are in libtorch and in the network: taken out, and put back.
 *
 * @param trained full names in the order of the optimizer's groups
 */
record StateTensors(
        Network network,
        LiveNetwork live,
        TorchOptimizer optimizer,
        List<String> trained,
        @Nullable WeightAverage average) {
    /** Copies of all tensors, and how many steps the optimizer made with each weight. */
    record Taken(Map<String, HostTensor> tensors, Map<String, Long> optimizerSteps) {}

    Taken take() {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        Map<String, Long> steps = new LinkedHashMap<>();
        live.changing().forEach((name, tensor) -> {
            HostTensor now = tensor.toHost();
            tensors.put(TrainerState.WEIGHT + name, now);
            if (!now.sameBits(network.weight(name))) {
                tensors.put(TrainerState.BEST + name, network.weight(name));
            }
        });
        if (average != null) {
            average.toHost().forEach((name, mean) -> tensors.put(TrainerState.MEAN + name, mean));
        }
        List<ParameterState> states = optimizer.state();
        for (int i = 0; i < trained.size(); i++) {
            String weight = trained.get(i);
            steps.put(weight, states.get(i).steps());
            states.get(i)
                    .means()
                    .forEach((kind, mean) -> tensors.put(TrainerState.OPTIMIZER + kind + "/" + weight, mean));
        }
        return new Taken(tensors, steps);
    }

    /** Puts a state back; all of it is looked at before anything is changed. */
    void put(TrainerState from) {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        Map<String, HostTensor> best = new LinkedHashMap<>();
        live.changing().forEach((name, tensor) -> {
            HostTensor weight = from.tensor(TrainerState.WEIGHT + name, tensor.shape());
            boolean other = from.tensors().containsKey(TrainerState.BEST + name);
            weights.put(name, weight);
            best.put(name, other ? from.tensor(TrainerState.BEST + name, tensor.shape()) : weight);
        });
        Map<String, HostTensor> means = new HashMap<>();
        if (average != null) {
            shapes().forEach((name, shape) -> means.put(name, from.tensor(TrainerState.MEAN + name, shape)));
        }
        optimizer.restore(remembered(from));
        network.setWeights(best);
        live.changing().forEach((name, tensor) -> tensor.assign(Objects.requireNonNull(weights.get(name))));
        if (average != null) {
            average.restore(
                    name -> Objects.requireNonNull(means.get(name)),
                    from.numbers().averaged());
        }
    }

    private Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        live.trainableWeights().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    private List<ParameterState> remembered(TrainerState from) {
        Map<String, Map<String, HostTensor>> means = new HashMap<>();
        from.tensors().forEach((name, tensor) -> {
            if (name.startsWith(TrainerState.OPTIMIZER)) {
                int slash = name.indexOf('/', TrainerState.OPTIMIZER.length());
                String kind = name.substring(
                        TrainerState.OPTIMIZER.length(), Math.max(slash, TrainerState.OPTIMIZER.length()));
                means.computeIfAbsent(name.substring(slash + 1), weight -> new LinkedHashMap<>())
                        .put(kind, tensor);
            }
        });
        Map<String, Long> steps = from.numbers().optimizerSteps();
        List<ParameterState> states = new ArrayList<>();
        for (String weight : trained) {
            states.add(new ParameterState(steps.getOrDefault(weight, 0L), means.getOrDefault(weight, Map.of())));
        }
        return states;
    }
}
