package dev.graft.train;

import dev.graft.Numbers;
import dev.graft.model.Network;
import dev.graft.torch.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is allowed and seldom meant. */
final class CompileWarnings {
    /** Ten times the top of the usual range, which is told with the warning. */
    private static final double HIGH_FOR_ADAPTIVE = 1e-3;

    private static final double HIGH_FOR_GRADIENT_DESCENT = 2e-2;

    private CompileWarnings() {}

    /** One line a group whose rate would destroy what pretrained weights know. */
    static List<String> of(Network network, Optimizer settings, List<Optimizer.Assigned> groups) {
        Set<String> pretrained = network.pretrainedWeights();
        boolean adaptive = !(settings.algorithm() instanceof Algorithm.Sgd);
        List<String> cautions = new ArrayList<>();
        for (Optimizer.Assigned group : groups) {
            List<String> known =
                    group.weights().stream().filter(pretrained::contains).toList();
            if (!known.isEmpty() && group.learningRate() > (adaptive ? HIGH_FOR_ADAPTIVE : HIGH_FOR_GRADIENT_DESCENT)) {
                cautions.add(String.format(
                        Locale.ROOT,
                        "learning rate %s on %d unfrozen pretrained weights (%s%s): they will forget what they know;"
                                + " usual for fine-tuning is %s",
                        Numbers.text(group.learningRate()),
                        known.size(),
                        known.get(0),
                        known.size() > 1 ? ", ..." : "",
                        adaptive ? "1e-5 to 1e-4" : "1e-4 to 1e-3"));
            }
        }
        return cautions;
    }
}
