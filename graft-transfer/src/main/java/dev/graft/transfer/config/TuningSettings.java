package dev.graft.transfer.config;

import dev.graft.Numbers;
import dev.graft.train.Optimizer;
import dev.graft.train.ParameterGroup;
import dev.graft.transfer.setting.FixedSetting;
import dev.graft.transfer.setting.Kind;
import dev.graft.transfer.setting.OpenSetting;
import dev.graft.transfer.setting.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The phases after the first, which train a part of the backbone with the head. */
public final class TuningSettings {
    private static final String BY_RECIPE = "as the recipe says";

    /** Epochs of each phase; 0 for no such phase. */
    public static final OpenSetting<Integer> EPOCHS = Setting.open(
            "fine-tune-epochs",
            Kind.integer("N", 0, Integer.MAX_VALUE),
            BY_RECIPE,
            "Epochs of the second phase, which trains a part of the backbone too; 0 for none");

    /** From where on the backbone trains, and in how many phases. */
    public static final OpenSetting<Unfreezing> UNFREEZE = Setting.open(
            "unfreeze",
            Kind.of("WHERE", Unfreezing::parse, Unfreezing::toString),
            BY_RECIPE,
            "From where on the second phase trains the backbone: a stage, a number of layers from the end, or all."
                    + " Several phases: gradual, gradual:STAGE, or STAGE[:EPOCHS[:RATE[:PATIENCE]]] with commas");

    /** What batch normalisation does there. */
    public static final FixedSetting<BatchNormPolicy> BATCH_NORM = Setting.fixed(
            "batch-norm",
            Kind.oneOf(BatchNormPolicy.class),
            BatchNormPolicy.STATISTICS_FROZEN,
            "Of batch normalisation that is unfrozen: its statistics stay, all of it stays, or all of it moves");

    /** The highest learning rate, of the head. */
    public static final OpenSetting<Double> LEARNING_RATE = Setting.open(
            "fine-tune-lr",
            Kind.number("X").checked(TuningSettings::rateProblem),
            BY_RECIPE,
            "The highest learning rate of the second phase");

    /** What a stage has of the rate of the one after it. */
    public static final FixedSetting<StageDecay> LAYER_DECAY = Setting.<StageDecay>fixed(
            "layer-decay",
            Kind.of("X", StageDecay::parse, StageDecay::toString)
                    .inJson(decay -> decay instanceof StageDecay.Factor factor ? factor.value() : decay.toString())
                    .checked(TuningSettings::decayProblem),
            new StageDecay.ToATenth(),
            "What a stage has of the rate of the one after it; 1 for one rate, even so that the first stage has a tenth");

    /** Weights with rates of their own. */
    public static final FixedSetting<List<ParameterGroup>> RATES = Setting.fixed(
            "rate",
            Kind.of("LAYER=X", TuningSettings::groups, TuningSettings::text)
                    .inJson(TuningSettings::json)
                    .checked(TuningSettings::groupProblem)
                    .repeatable(),
            List.of(),
            "A rate for the weights of a layer or stage, such as backbone.features.0=1e-5; repeatable.");

    /** How rates go over the steps. */
    public static final FixedSetting<Curve> SCHEDULE =
            Setting.fixed("schedule", Kind.oneOf(Curve.class), Curve.COSINE, "How rates go over the steps");

    /** The share of the steps over which rates rise at first, 0 for none. */
    public static final FixedSetting<Double> WARM_UP = Setting.fixed(
            "warm-up",
            Kind.share("a share of the steps", 1),
            0.1,
            "The share of the steps over which rates rise at first");

    /** Of AdamW, not for biases and norms. */
    public static final FixedSetting<Double> WEIGHT_DECAY = Setting.fixed(
            "weight-decay",
            Kind.number("X").only(decay -> decay >= 0 && decay <= Optimizer.HIGHEST_DECAY, "0 or more, at most 1e15"),
            0.01,
            "Of AdamW, not for biases and norms");

    /** What the norm of all gradients is kept below, 0 for no bound. */
    public static final FixedSetting<Double> CLIP_NORM = Setting.fixed(
            "clip-norm",
            Kind.number("X").only(norm -> norm >= 0 && norm <= Optimizer.HIGHEST_RATE, "0 or more, at most 1e15"),
            1.0,
            "Bounds the norm of all gradients together; 0 for no bound");

    /** How many batches a step is made from. */
    public static final FixedSetting<Integer> ACCUMULATE =
            Setting.fixed("accumulate", Kind.integer("N", 1, Integer.MAX_VALUE), 1, "Batches a step is made from");

    /** The decay of a mean of the weights over the steps, which is then kept; 0 for none. */
    public static final FixedSetting<Double> AVERAGE_DECAY = Setting.fixed(
            "ema",
            Kind.share("a share", 1),
            0.0,
            "Keeps a mean of the weights over the steps, such as 0.999; 0 for none");

    /** Epochs without a gain after which a phase ends. */
    public static final FixedSetting<Integer> PATIENCE = Setting.fixed(
            "patience",
            Kind.integer("N", 1, Integer.MAX_VALUE),
            4,
            "Ends the second phase after N epochs without a gain");

    /** The share of each target that is spread over all classes. */
    public static final FixedSetting<Double> LABEL_SMOOTHING = Setting.fixed(
            "label-smoothing",
            Kind.share("a share", 1),
            0.0,
            "Spreads that share of each target over all classes in the second phase");

    /**
     * Whether the weights of the first phase and the last are mixed as the validation part likes it best, and those of the
     * first kept unless the gain is larger than the noise.
     */
    public static final FixedSetting<Boolean> BLEND = Setting.fixed(
            "blend",
            Kind.flag(),
            true,
            "Keeps the best epoch, rather than the mixture with the first phase's weights that the validation pictures"
                    + " like best, or those where the gain is noise.");

    private TuningSettings() {}

    /** Those that say how fine-tuning goes, not whether there is any: without effect where there is none. */
    public static List<Setting<?>> details() {
        return Declarations.of(TuningSettings.class).stream()
                .filter(setting -> setting != EPOCHS && setting != UNFREEZE)
                .toList();
    }

    /** What is wrong with a learning rate. */
    static Optional<String> rateProblem(double rate) {
        if (!(rate > 0)) {
            return Optional.of("expected a learning rate above 0, got " + Numbers.text(rate));
        }
        return rate > Optimizer.HIGHEST_RATE
                ? Optional.of(
                        "expected a learning rate of at most 1e15, usually 1e-5 to 1e-2, got " + Numbers.text(rate))
                : Optional.empty();
    }

    private static Optional<String> decayProblem(StageDecay decay) {
        return decay instanceof StageDecay.Factor factor && !(factor.value() > 0 && factor.value() <= 1)
                ? Optional.of("expected above 0 and at most 1, got " + decay)
                : Optional.empty();
    }

    private static Optional<String> groupProblem(List<ParameterGroup> groups) {
        return groups.stream()
                .flatMap(group ->
                        rateProblem(group.learningRate()).map(problem -> "'" + group.glob() + "': " + problem).stream())
                .findFirst();
    }

    private static List<ParameterGroup> groups(String lines) {
        List<ParameterGroup> groups = new ArrayList<>();
        for (String line : lines.split("\n", -1)) {
            int equals = line.lastIndexOf('=');
            if (equals < 0) {
                throw new Kind.Malformed("expected LAYER=X, such as backbone.features.0=1e-5, got '" + line + "'");
            }
            groups.add(group(line.substring(0, equals), Kind.parseNumber(line.substring(equals + 1))));
        }
        return groups;
    }

    private static ParameterGroup group(String glob, double rate) {
        if (glob.isBlank()) {
            throw new Kind.Malformed(
                    "expected the name of a layer or stage before the rate, got '" + glob + "'; * covers all");
        }
        rateProblem(rate).ifPresent(problem -> {
            throw new Kind.Malformed("'" + glob + "': " + problem);
        });
        return new ParameterGroup(glob, rate, null);
    }

    private static String text(List<ParameterGroup> groups) {
        return groups.stream()
                .map(group -> group.glob() + "=" + Numbers.text(group.learningRate()))
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, Double> json(List<ParameterGroup> groups) {
        Map<String, Double> rates = new LinkedHashMap<>();
        groups.forEach(group -> rates.put(group.glob(), group.learningRate()));
        return rates;
    }
}
