package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.tensor.Shape;
import dev.graft.train.LayerDecay;
import dev.graft.train.Optimizer;
import dev.graft.train.ParameterGroup;
import dev.graft.train.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How fast weights move in fine-tuning.
 *
 * @param learningRate the highest, of the head; {@link #ADVISED} as the advice says
 * @param layerDecay what a stage has of the rate of the one after it; 1 for one rate, {@link #EVEN} for the decay by which
 *     the backbone's first stage has a tenth
 * @param groups weights with rates of their own
 * @param curve how rates go over the steps
 * @param warmUp the share of the steps over which they rise at first, 0 for none
 * @param weightDecay of AdamW, not for biases and norms
 * @param clipNorm what the norm of all gradients is kept below, 0 for no bound
 */
public record Rates(
        double learningRate,
        double layerDecay,
        List<ParameterGroup> groups,
        Curve curve,
        double warmUp,
        double weightDecay,
        double clipNorm) {
    /** A decay that depends on how many stages there are, not on how finely a network's authors counted them. */
    public static final double EVEN = 0;

    /** A rate that depends on how well the backbone knows the pictures. */
    public static final double ADVISED = 0;

    private static final double FIRST_STAGE = 0.1;

    /** How rates go over the steps of a phase. */
    public enum Curve {
        CONSTANT(Schedule.constant()),
        /** A tenth after each third of the epochs. */
        STEP(new Thirds()),
        LINEAR(Schedule.linear()),
        COSINE(Schedule.cosine()),
        ONE_CYCLE(Schedule.oneCycle());

        private final transient Schedule schedule;

        Curve(Schedule schedule) {
            this.schedule = schedule;
        }
    }

    private record Thirds() implements Schedule {
        @Override
        public double factor(long step, int stepsPerEpoch, int epochs) {
            return Schedule.steps(Math.max(1, (epochs + 2) / 3), 0.1).factor(step, stepsPerEpoch, epochs);
        }
    }

    public Rates {
        groups = List.copyOf(groups);
        if (learningRate != ADVISED) {
            TransferSettings.rate("fine-tune-lr", learningRate);
        }
        if (!(layerDecay >= 0 && layerDecay <= 1)) {
            throw new SettingException("layer-decay", "expected above 0 and at most 1, got " + layerDecay);
        }
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new SettingException("warm-up", "expected a share of the steps from 0 to below 1, got " + warmUp);
        }
        if (!(weightDecay >= 0 && weightDecay <= Optimizer.HIGHEST_DECAY)) {
            throw new SettingException("weight-decay", "expected 0 or more, at most 1e15, got " + weightDecay);
        }
        if (!(clipNorm >= 0 && clipNorm <= Optimizer.HIGHEST_RATE)) {
            throw new SettingException("clip-norm", "expected 0 or more, at most 1e15, got " + clipNorm);
        }
        if (curve == Curve.ONE_CYCLE && warmUp > 0) {
            throw new SettingException("warm-up", "a one-cycle schedule warms up by itself; leave --warm-up out");
        }
    }

    /** As the recipe has it. */
    public static Rates standard() {
        return new Rates(ADVISED, EVEN, List.of(), Curve.COSINE, 0.1, 0.01, 1);
    }

    public Rates learningRate(double rate) {
        return new Rates(rate, layerDecay, groups, curve, warmUp, weightDecay, clipNorm);
    }

    public Rates layerDecay(double decay) {
        return new Rates(learningRate, decay, groups, curve, warmUp, weightDecay, clipNorm);
    }

    /** One rate more, for what a name covers: see {@link ParameterGroup#glob}. */
    public Rates group(String glob, double rate) {
        if (glob.isBlank()) {
            throw new SettingException(
                    "rate", "expected the name of a layer or stage before the rate, got '" + glob + "'; * covers all");
        }
        TransferSettings.rate("rate " + glob, rate);
        List<ParameterGroup> more = new ArrayList<>(groups);
        more.add(new ParameterGroup(glob, rate, null));
        return new Rates(learningRate, layerDecay, more, curve, warmUp, weightDecay, clipNorm);
    }

    public Rates curve(Curve other) {
        double warming = other == Curve.ONE_CYCLE ? 0 : warmUp;
        return new Rates(learningRate, layerDecay, groups, other, warming, weightDecay, clipNorm);
    }

    public Rates warmUp(double share) {
        return new Rates(learningRate, layerDecay, groups, curve, share, weightDecay, clipNorm);
    }

    public Rates weightDecay(double decay) {
        return new Rates(learningRate, layerDecay, groups, curve, warmUp, decay, clipNorm);
    }

    public Rates clipNorm(double max) {
        return new Rates(learningRate, layerDecay, groups, curve, warmUp, weightDecay, max);
    }

    /** The curve with its warm-up. */
    Schedule schedule() {
        return warmUp == 0 ? curve.schedule : curve.schedule.warmUpShare(warmUp);
    }

    /**
     * The optimizer for what trains of a network; groups of what is frozen, or trains in another phase, are left out.
     *
     * @param rate the highest
     */
    Optimizer optimizer(TransferNetwork network, double rate) {
        Optimizer optimizer = Optimizer.adamW(rate).weightDecay(weightDecay);
        optimizer = clipNorm == 0 ? optimizer : optimizer.clipNorm(clipNorm);
        Set<String> trainable = network.network().trainableWeights();
        for (ParameterGroup group : groups) {
            if (trainable.stream().anyMatch(group::covers)) {
                optimizer = optimizer.group(group.glob(), group.learningRate());
            }
        }
        int stages = network.stages().size();
        if (layerDecay == 1 || stages == 0) {
            return optimizer;
        }
        double decay = layerDecay == EVEN ? Math.pow(FIRST_STAGE, 1.0 / stages) : layerDecay;
        return optimizer.layerDecay(LayerDecay.from(decay, network.network(), network.stagesWithHead()));
    }

    /**
     * Which weights that train have which rate.
     *
     * @param rate the highest
     * @throws SettingException if groups before it leave one nothing
     */
    List<Optimizer.Assigned> assign(TransferNetwork network, double rate) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        network.network()
                .trainableWeights()
                .forEach(name -> shapes.put(name, network.network().weight(name).shape()));
        try {
            return optimizer(network, rate).assign(shapes);
        } catch (GraftException e) {
            throw new SettingException("rate", String.valueOf(e.getMessage()), e);
        }
    }
}
