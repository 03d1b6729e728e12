package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which weights an optimizer steps alike; see {@link Optimizer#assign}. */
record Assignment(Optimizer optimizer) {
    List<Optimizer.Assigned> of(Map<String, Shape> shapes) {
        record Settings(double learningRate, double weightDecay) {}
        Map<Settings, List<String>> parts = new LinkedHashMap<>();
        Set<ParameterGroup> used = new HashSet<>();
        LayerDecay.Rates rates = optimizer.layerDecay().rates(optimizer.learningRate());
        shapes.forEach((name, shape) -> {
            ParameterGroup group = groupOf(name);
            Double decay = group == null ? null : group.weightDecay();
            if (group != null) {
                used.add(group);
            }
            var settings = new Settings(
                    group == null ? rates.of(name) : group.learningRate(),
                    !decays(shape) ? 0 : decay == null ? optimizer.weightDecay() : decay);
            parts.computeIfAbsent(settings, key -> new ArrayList<>()).add(name);
        });
        optimizer.groups().stream()
                .filter(group -> !used.contains(group))
                .findFirst()
                .ifPresent(group -> {
                    throw unused(group, shapes.keySet());
                });
        List<Optimizer.Assigned> assigned = new ArrayList<>();
        parts.forEach((settings, names) ->
                assigned.add(new Optimizer.Assigned(names, settings.learningRate(), settings.weightDecay())));
        return assigned;
    }

    private @Nullable ParameterGroup groupOf(String weight) {
        return optimizer.groups().stream()
                .filter(group -> group.covers(weight))
                .findFirst()
                .orElse(null);
    }

    private static GraftException unused(ParameterGroup group, Set<String> weights) {
        String where = "optimizer group '" + group.glob() + "': ";
        if (weights.stream().anyMatch(group::covers)) {
            return new GraftException(where + "the groups before it cover all its weights; put the narrower one first");
        }
        Set<String> paths = new LinkedHashSet<>();
        for (String weight : weights) {
            for (int dot = weight.indexOf('.'); dot >= 0; dot = weight.indexOf('.', dot + 1)) {
                paths.add(weight.substring(0, dot));
            }
            paths.add(weight);
        }
        String wanted = group.glob().replace("*", "").replaceAll("^\\.+|\\.+$", "");
        return new GraftException(where + "no weight that trains has such a name, and frozen ones do not count"
                + Nearest.hint(wanted, paths));
    }

    /** Whether weight decay applies to a weight of that shape. */
    private static boolean decays(Shape shape) {
        boolean onePerExample = shape.rank() == 3 && shape.size(0) == 1;
        boolean onePerChannel = shape.rank() == 3 && shape.size(1) == 1 && shape.size(2) == 1;
        return shape.rank() >= 2 && !onePerExample && !onePerChannel;
    }
}
