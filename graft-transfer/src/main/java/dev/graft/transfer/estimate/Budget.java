package dev.graft.transfer.estimate;

import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.transfer.estimate.Trial.Tuned;
import dev.graft.zoo.Backbone;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Stage;
import dev.graft.zoo.Zoo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A backbone for a budget of computing.
 *
 * @param level for which
 * @param model its name in the zoo
 * @param parameters up to the features
 * @param multiplyAdds for a picture up to the features
 * @param tunedMultiplyAdds of them those of the last stages, from where it is usually tuned on
 * @param top1 percent of ImageNet's validation pictures, as its publisher says; null where nobody does
 * @param here whether its weights are; else {@code graft models pull} fetches them
 */
public record Budget(
        Level level,
        String model,
        long parameters,
        long multiplyAdds,
        long tunedMultiplyAdds,
        @Nullable Double top1,
        boolean here) {
    /** How much computing there may be. */
    public enum Level {
        /** The one that is packed with Graft. */
        LIGHT(0),
        /** A few times that: the best of up to a billion multiply-adds. */
        BALANCED(1_000_000_000L),
        /** The best that a CPU still runs at several pictures a second: up to ten billion. */
        BEST(10_000_000_000L),
        /** The best whose weights are on this machine, where that is none of the others. */
        HERE(Long.MAX_VALUE);

        private final long most;

        Level(long most) {
            this.most = most;
        }
    }

    /** Points of top-1 by which networks differ that are alike. */
    private static final double ALIKE = 0.5;

    private Budget at(Level other) {
        return new Budget(other, model, parameters, multiplyAdds, tunedMultiplyAdds, top1, here);
    }

    /** Those for each level, from the zoo. */
    static List<Budget> ofZoo() {
        List<Budget> all = Zoo.all().stream().map(Budget::of).toList();
        Budget light = all.stream()
                .filter(each -> each.model.equals(Zoo.DEFAULT))
                .findFirst()
                .orElseThrow();
        return choose(light, all);
    }

    /** Those for each level. Of networks that are alike one that is here, then the one that computes least. */
    static List<Budget> choose(Budget light, List<Budget> all) {
        List<Budget> chosen = new ArrayList<>(List.of(light.at(Level.LIGHT)));
        for (Level level : List.of(Level.BALANCED, Level.BEST, Level.HERE)) {
            List<Budget> within = all.stream()
                    .filter(each -> each.top1 != null && each.multiplyAdds <= level.most)
                    .filter(each -> level != Level.HERE || each.here)
                    .toList();
            double best = within.stream().mapToDouble(Budget::accuracy).max().orElse(0);
            within.stream()
                    .filter(each -> each.accuracy() >= best - ALIKE)
                    .min(Comparator.comparing((Budget each) -> !each.here).thenComparing(Budget::multiplyAdds))
                    .filter(each -> chosen.stream().noneMatch(one -> one.model.equals(each.model)))
                    .ifPresent(each -> chosen.add(each.at(level)));
        }
        return chosen;
    }

    private double accuracy() {
        return top1 == null ? 0 : top1;
    }

    private static Budget of(Pretrained pretrained) {
        Backbone backbone = pretrained.backbone(pretrained.geometry().size());
        Program program = Program.of(backbone.model());
        Stage from = backbone.stages().stream()
                .filter(stage -> stage.name().equals(backbone.tunedFrom()))
                .findFirst()
                .orElseThrow();
        long tuned = program.steps().stream()
                .dropWhile(step -> !from.beginsWith(step.path()))
                .mapToLong(Budget::multiplyAdds)
                .sum();
        return new Budget(
                Level.LIGHT,
                pretrained.name(),
                program.parameters(),
                program.multiplyAdds(),
                tuned,
                pretrained.card().top1(),
                pretrained.isHere());
    }

    private static long multiplyAdds(Step step) {
        return step.layer().multiplyAdds(step.inputShapes());
    }

    /** About how many seconds the first look at pictures takes, scaled from a trial with another backbone. */
    public double extraction(Trial trial, int pictures) {
        return pictures * trial.extraction(multiplyAdds);
    }

    /**
     * About how many seconds an epoch takes that fine-tunes the last stages, scaled likewise; empty where the trial did not
     * fine-tune.
     */
    public OptionalDouble epoch(Trial trial, int training, int validation) {
        Tuned tuned = trial.tuned();
        return tuned == null
                ? OptionalDouble.empty()
                : OptionalDouble.of((training * tuned.step() + validation * tuned.evaluation())
                        * tunedMultiplyAdds
                        / Math.max(1, tuned.multiplyAdds()));
    }
}
