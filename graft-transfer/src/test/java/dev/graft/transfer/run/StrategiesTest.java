package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.model.Network;
import dev.graft.train.History;
import dev.graft.train.Optimizer;
import dev.graft.train.ParameterGroup;
import dev.graft.train.Phase;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.StageDecay;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.phase.WeightInterpolation;
import dev.graft.transfer.phase.WeightsChosen;
import dev.graft.transfer.plan.Planned;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import dev.graft.transfer.plan.TransferPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each strategy moves, what it leaves, and at which rates. */
@Tag("slow")
class StrategiesTest {
    @TempDir
    Path work;

    /** The weights that a run moved, and those of them that are statistics. */
    private Set<String> moved(TransferResult result) {
        Network start = TransferNetwork.of(
                        result.settings().get(BackboneSettings.BACKBONE),
                        2,
                        result.settings().get(RunSettings.SEED))
                .network();
        Set<String> moved = new TreeSet<>();
        result.network().network().weights().forEach((name, weight) -> {
            if (!weight.sameBits(start.weight(name))) {
                moved.add(name);
            }
        });
        return moved;
    }

    private TransferSettings standard(int epochs, String unfreeze) {
        return Runs.head(work)
                .with(TuningSettings.EPOCHS, epochs)
                .with(TuningSettings.UNFREEZE, TuningSettings.UNFREEZE.parse(unfreeze));
    }

    private TransferSettings classic(int epochs, String unfreeze) {
        return standard(epochs, unfreeze).with(RunSettings.RECIPE, Recipe.CLASSIC);
    }

    @ParameterizedTest
    @CsvSource({"STATISTICS_FROZEN, true, false", "FROZEN, false, false", "MOVING, true, true"})
    void batchNormalisationKeepsToItsPolicy(BatchNormPolicy policy, boolean gammas, boolean statistics) {
        TransferResult result = Runs.run(classic(2, "features.12")
                .with(TuningSettings.BATCH_NORM, policy)
                .with(TuningSettings.BLEND, false)
                .with(TuningSettings.LEARNING_RATE, 1e-3));
        assertThat(result.histories().get(1).bestEpoch()).isPositive();
        Set<String> moved = moved(result);
        assertThat(moved).contains("backbone.features.12.0.weight", "backbone.classifier.0.weight", "head.weight");
        assertThat(moved.contains("backbone.features.12.1.weight")).isEqualTo(gammas);
        assertThat(moved.contains("backbone.features.12.1.bias")).isEqualTo(gammas);
        assertThat(moved.contains("backbone.features.12.1.running_mean")).isEqualTo(statistics);
        assertThat(moved).noneMatch(name -> name.startsWith("backbone.features.11"));
    }

    @Test
    void graduallyOneStageAfterTheOtherIsUnfrozenFromTheOutput() {
        List<TransferPlan> plans = new ArrayList<>();
        List<Set<String>> began = new ArrayList<>();
        TransferResult result = TransferRun.run(
                classic(1, "gradual:features.11"),
                event -> {
                    if (event instanceof Planned planned) {
                        plans.add(planned.plan());
                    }
                },
                () -> false);
        assertThat(plans.get(0).tuning())
                .extracting(phase -> phase.from().toString())
                .containsExactly("classifier.0", "features.12", "features.11");
        assertThat(result.phases())
                .extracting(PhaseResult::name)
                .containsExactly("head", "fine-tune classifier.0", "fine-tune features.12", "fine-tune features.11");
        for (TuningPhase phase : plans.get(0).tuning()) {
            began.add(new TreeSet<>(phase.groups().stream()
                    .flatMap(group -> group.weights().stream())
                    .toList()));
        }
        assertThat(began.get(0)).noneMatch(name -> name.startsWith("backbone.features"));
        assertThat(began.get(1)).containsAll(began.get(0)).noneMatch(name -> name.startsWith("backbone.features.11"));
        assertThat(began.get(2)).containsAll(began.get(1)).anyMatch(name -> name.startsWith("backbone.features.11"));
        assertThat(moved(result)).noneMatch(name -> name.startsWith("backbone.features.10"));
    }

    @Test
    void eachPhaseHasEpochsRatesAndAPatienceOfItsOwn() {
        TransferResult result = Runs.run(classic(1, "classifier.0:2:1e-3:1,features.12:3:1e-4,all"));
        List<TuningPhase> phases = result.plan().tuning();
        assertThat(phases).extracting(phase -> phase.phase().epochs()).containsExactly(2, 3, 1);
        assertThat(phases).extracting(phase -> phase.phase().patience()).containsExactly(1, 5, 5);
        assertThat(phases).extracting(TuningPhase::learningRate).containsExactly(1e-3, 1e-4, 1e-4);
        List<History> histories = result.histories();
        assertThat(histories.get(1).epochs().get(0).learningRate()).isGreaterThan(5e-4);
        assertThat(histories.get(2).epochs().get(0).learningRate()).isBetween(5e-5, 1e-4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "features.12:0            | is not PLACE[:EPOCHS[:RATE[:PATIENCE]]]",
                "features.12:2:fast       | is not PLACE[:EPOCHS[:RATE[:PATIENCE]]]",
                "features.12:2:0          | expected a learning rate above 0",
                "features.12,,all         | is not PLACE[:EPOCHS[:RATE[:PATIENCE]]]",
                "gradual:features.99      | no stage 'features.99' in mobilenet_v3_small; there are features.0",
                "features.12,features.1l  | did you mean 'features.1'?"
            })
    void aPlaceThatIsNoneIsRefusedBeforeAnythingRuns(String unfreeze, String message) {
        assertThatThrownBy(() -> Runs.run(classic(5, unfreeze)))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining(message);
        assertThat(work.resolve("cache")).doesNotExist();
    }

    /** The head has the rate, each stage before it less, and the first of all stages would have a tenth. */
    @Test
    void ratesFallEvenlyTowardsTheInput() {
        TransferResult result = Runs.run(standard(1, "all").with(TuningSettings.LEARNING_RATE, 1e-3));
        List<Optimizer.Assigned> groups = result.plan().tuning().get(0).groups();
        double step = Math.pow(0.1, 1.0 / 14);
        assertThat(rate(groups, "head.weight")).isCloseTo(1e-3, within(1e-12));
        assertThat(rate(groups, "backbone.classifier.0.weight")).isCloseTo(1e-3 * step, within(1e-12));
        assertThat(rate(groups, "backbone.features.12.0.weight")).isCloseTo(1e-3 * step * step, within(1e-12));
        assertThat(rate(groups, "backbone.features.0.0.weight")).isCloseTo(1e-4, within(1e-12));
    }

    @Test
    void groupsThatAreNamedHaveTheirOwn() {
        TransferResult result = Runs.run(standard(1, "features.11")
                .with(TuningSettings.LEARNING_RATE, 1e-3)
                .with(TuningSettings.LAYER_DECAY, new StageDecay.Factor(0.5))
                .with(TuningSettings.RATES, rate("backbone.features.12", 1e-5)));
        List<Optimizer.Assigned> groups = result.plan().tuning().get(0).groups();
        assertThat(rate(groups, "backbone.features.12.0.weight")).isEqualTo(1e-5);
        assertThat(rate(groups, "backbone.classifier.0.weight")).isCloseTo(5e-4, within(1e-12));
        assertThat(rate(groups, "backbone.features.11.block.0.0.weight")).isCloseTo(1.25e-4, within(1e-12));
        assertThatThrownBy(() -> Runs.run(
                        standard(1, "features.12").with(TuningSettings.RATES, rate("backbone.features.2", 1e-5))))
                .hasMessageContaining("rate: 'backbone.features.2' stays frozen");
    }

    private static List<ParameterGroup> rate(String layer, double rate) {
        return List.of(new ParameterGroup(layer, rate, null));
    }

    private static double rate(List<Optimizer.Assigned> groups, String weight) {
        return groups.stream()
                .filter(group -> group.weights().contains(weight))
                .findFirst()
                .orElseThrow()
                .learningRate();
    }

    @Test
    void ratesWarmUpThenFall() {
        TransferResult result = Runs.run(
                standard(5, "features.12").with(TuningSettings.PATIENCE, 5).with(TuningSettings.LEARNING_RATE, 1e-3));
        List<Double> rates = result.histories().get(1).epochs().stream()
                .map(History.Epoch::learningRate)
                .toList();
        // Two of fifteen steps rise; the rate of an epoch is that of its last step of three, along half a cosine.
        assertThat(rates).hasSize(5);
        for (int epoch = 0; epoch < 5; epoch++) {
            double cosine = 0.5 * (1 + Math.cos(Math.PI * (2 + 3 * epoch) / 15));
            assertThat(rates.get(epoch)).as("epoch " + epoch).isCloseTo(1e-3 * cosine, within(1e-9));
        }
    }

    @Test
    void batchesAddUpToStepsAndWeightsToAMean() {
        TransferSettings settings = classic(2, "features.12").with(TuningSettings.LEARNING_RATE, 1e-3);
        TransferResult plain = Runs.run(settings);
        TransferResult averaged =
                Runs.run(settings.with(TuningSettings.ACCUMULATE, 2).with(TuningSettings.AVERAGE_DECAY, 0.9));
        assertThat(averaged.plan().tuning().get(0).phase().stepping()).isEqualTo(new Phase.Stepping(2, 0.9));
        assertThat(averaged.network()
                        .network()
                        .weight("head.weight")
                        .sameBits(plain.network().network().weight("head.weight")))
                .isFalse();
    }

    @Test
    void withoutAHeadFirstThereIsOnePhaseAndTheHeadMovesWithTheBackbone() {
        TransferSettings settings = classic(2, "all");
        TransferResult result = Runs.run(settings.with(HeadSettings.FIRST, false));
        assertThat(result.phases()).extracting(PhaseResult::name).containsExactly("fine-tune");
        assertThat(result.plan().head()).isEmpty();
        assertThat(result.choice()).as("there is nothing simpler").isNull();
        assertThat(moved(result)).contains("head.weight", "backbone.features.0.0.weight");
    }

    @Test
    void theMixtureIsComparedAndToldAndKept() {
        List<WeightInterpolation> told = new ArrayList<>();
        TransferResult result = TransferRun.run(
                standard(2, "features.12"),
                event -> {
                    if (event instanceof WeightsChosen chosen) {
                        told.add(chosen.choice());
                    }
                },
                () -> false);
        assertThat(told).hasSize(1);
        WeightInterpolation choice = told.get(0);
        assertThat(result.choice()).isEqualTo(choice);
        assertThat(choice.candidates())
                .extracting(WeightInterpolation.Candidate::share)
                .containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
        assertThat(choice.isSimple()).isEqualTo(choice.gain() <= choice.error());
        boolean backboneMoved = moved(result).contains("backbone.features.12.0.weight");
        assertThat(backboneMoved).isEqualTo(!choice.isSimple());
        WeightInterpolation.Candidate kept = choice.candidates().stream()
                .filter(candidate -> candidate.share() == choice.kept())
                .findFirst()
                .orElseThrow();
        assertThat(result.validation().accuracy()).isEqualTo(kept.accuracy());
    }

    @Test
    void earlyStoppingEndsAPhaseThatGainsNothing() {
        List<TrainingEvent> told = new ArrayList<>();
        TransferSettings settings =
                classic(20, "classifier.0").with(TuningSettings.PATIENCE, 2).with(TuningSettings.LEARNING_RATE, 0.5);
        TransferResult result = TransferRun.run(
                settings,
                event -> {
                    if (event instanceof TransferEvent.Training training) {
                        told.add(training.event());
                    }
                },
                () -> false);
        History tuning = result.histories().get(1);
        assertThat(tuning.epochs()).hasSizeLessThan(20);
        assertThat(tuning.epochs().size() - tuning.bestEpoch()).isEqualTo(2);
    }
}
