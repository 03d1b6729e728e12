package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.Sha256;
import dev.graft.dataset.Batches;
import dev.graft.dataset.ClassWeights;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What must be the same for a phase to go on as if it had not been interrupted, as texts that people can compare. */
final class PhasePlan {
    static final String NAME = "phase";

    private static final int DIGITS = 12;
    private static final int SHOWN = 3;

    private final Map<String, String> entries = new LinkedHashMap<>();

    PhasePlan(long seed) {
        put("seed", seed);
    }

    PhasePlan phase(Phase phase, Batches training, @Nullable Batches validation) {
        put(NAME, phase.name());
        put("epochs", phase.epochs());
        put("patience", phase.patience());
        put("monitor", phase.monitor());
        put("schedule", phase.schedule());
        put("plateau", phase.plateau());
        put("steps", phase.stepping());
        put("examples", training.size());
        put("batches an epoch", training.count());
        put("validation examples", validation == null ? "none" : validation.size());
        return this;
    }

    PhasePlan objectives(Objectives objectives, @Nullable ClassWeights classWeights) {
        for (int output = 0; output < objectives.count(); output++) {
            Objective objective = objectives.get(output);
            String number = objectives.count() == 1 ? "" : " " + (output + 1);
            put("loss" + number, objective.loss() + " times " + objective.weight());
            put(
                    "metrics" + number,
                    objective.metrics().stream().map(Metric::name).collect(Collectors.joining(", ")));
        }
        put("class weights", classWeights == null ? "none" : classWeights.weights());
        return this;
    }

    PhasePlan optimizer(Optimizer settings, List<Optimizer.Assigned> groups) {
        put("optimizer", settings.algorithm());
        put("clipping", settings.clipping());
        for (int i = 0; i < groups.size(); i++) {
            Optimizer.Assigned group = groups.get(i);
            put(
                    "group " + (i + 1),
                    "rate " + group.learningRate() + ", decay " + group.weightDecay()
                            + ", weights "
                            + group.weights().get(0)
                            + (group.weights().size() == 1
                                    ? ""
                                    : " to "
                                            + group.weights()
                                                    .get(group.weights().size() - 1))
                            + " (" + group.weights().size() + ", "
                            + hash(group.weights()) + ")");
        }
        return this;
    }

    /** @param kept the weights that must not change */
    PhasePlan network(Program program, Map<String, HostTensor> kept) {
        put(
                "layers",
                program.steps().size() + " ("
                        + hash(program.steps().stream().map(PhasePlan::text).toList()) + ")");
        var digest = Sha256.digest();
        kept.forEach((name, weight) -> TensorHash.update(digest, name, weight));
        put("frozen weights", kept.size() + " (" + Sha256.hex(digest).substring(0, DIGITS) + ")");
        return this;
    }

    Map<String, String> entries() {
        return entries;
    }

    private void put(String name, Object value) {
        entries.put(name, clean(value.toString()));
    }

    private static String text(Program.Step step) {
        return clean(step.path() + " " + step.layer() + " " + step.inputs() + " " + step.inference());
    }

    /** Without addresses, which objects that have no text of their own show and which differ from run to run. */
    private static String clean(String text) {
        return text.replaceAll("\\$\\$Lambda[^@]*@[0-9a-f]+|@[0-9a-f]+", "");
    }

    private static String hash(List<String> texts) {
        return Sha256.of(texts.toArray(String[]::new)).substring(0, DIGITS);
    }

    /**
     * Refuses to go on from a state of something else.
     *
     * @param changing the weights that training may change now
     * @throws GraftException that lists the differences
     */
    void check(TrainerState state, Map<String, Tensor> changing) {
        List<String> differences = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(state.plan().keySet());
        names.addAll(entries.keySet());
        for (String name : names) {
            differ(name, state.plan().get(name), entries.get(name)).ifPresent(differences::add);
        }
        List<String> weights = weightDifferences(state, changing);
        weights.stream().limit(SHOWN).forEach(differences::add);
        if (weights.size() > SHOWN) {
            differences.add("and " + (weights.size() - SHOWN) + " weights more");
        }
        if (!differences.isEmpty()) {
            throw new GraftException("phase '" + entries.get(NAME)
                    + "': cannot go on from what was kept, which is of something else: "
                    + String.join("; ", differences) + ". Use what was used then, or start over");
        }
    }

    private static List<String> weightDifferences(TrainerState state, Map<String, Tensor> changing) {
        Map<String, Shape> were = new LinkedHashMap<>();
        state.tensors().forEach((name, tensor) -> {
            if (name.startsWith(TrainerState.WEIGHT)) {
                were.put(name.substring(TrainerState.WEIGHT.length()), tensor.shape());
            }
        });
        Set<String> names = new LinkedHashSet<>(were.keySet());
        names.addAll(changing.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            Tensor now = changing.get(name);
            differ("weight " + name, were.get(name), now == null ? null : now.shape())
                    .ifPresent(differences::add);
        }
        return differences;
    }

    private static Optional<String> differ(String name, @Nullable Object was, @Nullable Object is) {
        return Objects.equals(was, is)
                ? Optional.empty()
                : Optional.of(name + " was " + (was == null ? "none" : was) + ", is " + (is == null ? "none" : is));
    }
}
