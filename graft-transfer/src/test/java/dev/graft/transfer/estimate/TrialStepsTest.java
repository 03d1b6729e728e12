package dev.graft.transfer.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import dev.graft.torch.Scope;
import dev.graft.torch.Torch;
import dev.graft.train.LiveNetwork;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.plan.TransferPlan;
import dev.graft.transfer.run.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A trial measures real steps and leaves nothing behind. */
@Tag("slow")
@ExtendWith(NoTensorLeft.class)
class TrialStepsTest {
    @TempDir
    Path work;

    /** What a trial is made of, with the plan that it was made for. */
    private record Tried(PreparedRun planning, Trial trial) {}

    private Tried tried(TransferSettings settings) {
        try (RunContext context = RunContext.open(1)) {
            PreparedRun planning = PreparedRun.of(settings, context);
            return new Tried(planning, TrialSteps.of(planning, context));
        }
    }

    @Test
    void theFiguresAreThoseOfTheBoundary() {
        Tried tried = tried(Runs.fineTuned(work, "features.12"));
        Trial trial = tried.trial();
        assertThat(trial.extraction()).isBetween(1e-5, 5.0);
        assertThat(trial.decodeShare()).isBetween(0.0, 1.0);
        // At 48 pixels features.12, a 1x1 convolution of 96 to 576 channels, works on a map of 2x2.
        Trial.Tuned tuned = Objects.requireNonNull(trial.tuned());
        assertThat(tuned.from()).hasToString("features.12");
        assertThat(tuned.boundaryBytes()).isEqualTo(4 * 96 * 2 * 2);
        assertThat(tuned.multiplyAdds()).isEqualTo(96 * 576 * 2 * 2 + 576 * 1024 + 1024 * 2);
        assertThat(trial.multiplyAdds()).isGreaterThan(tuned.multiplyAdds());
        assertThat(tuned.step()).isBetween(1e-6, 5.0);
        assertThat(tuned.evaluation()).isBetween(1e-7, 5.0);
        assertThat(tuned.prefix()).isBetween(1e-6, 5.0);
        // Features, and the means of the maps at five depths.
        assertThat(trial.extractionBytes()).isGreaterThan(4 * 1024).isLessThan(4 * 4096);
    }

    @Test
    void whereAllTrainsThereIsNoBoundary() {
        Trial.Tuned tuned = Objects.requireNonNull(
                tried(Runs.fineTuned(work, "all")).trial().tuned());
        assertThat(tuned.boundaryBytes()).isZero();
        assertThat(tuned.prefix()).isZero();
        assertThat(tuned.step()).isPositive();
    }

    /** Of several phases the last trains most, and it is what a run waits for. */
    @Test
    void ofSeveralPhasesTheLastIsTried() {
        Tried tried = tried(Runs.fineTuned(work, "features.12,features.11"));
        assertThat(tried.planning().plan().tuning()).hasSize(2);
        assertThat(Objects.requireNonNull(tried.trial().tuned()).from()).hasToString("features.11");
    }

    @Test
    void aHeadAloneIsTriedFromWhereTheBackboneWouldTrain() {
        Tried tried = tried(Runs.head(work));
        assertThat(tried.planning().plan().tuning()).isEmpty();
        assertThat(Objects.requireNonNull(tried.trial().tuned()).from())
                .isEqualTo(tried.planning().plan().advice().unfreeze());
    }

    @Test
    void weightsFreezingCacheAndRandomNumbersStayWhatTheyWere() throws IOException {
        TransferSettings settings = Runs.fineTuned(work, "features.12");
        try (RunContext context = RunContext.open(1)) {
            PreparedRun planning = PreparedRun.of(settings, context);
            Network network = planning.network().network();
            Map<String, float[]> weights = new LinkedHashMap<>();
            network.weights().forEach((name, weight) -> weights.put(name, weight.toArray()));
            List<Path> cache = files();
            float[] untouched = draw(() -> {});
            assertThat(draw(() -> TrialSteps.of(planning, context))).isEqualTo(untouched);
            assertThat(draw(() -> Torch.seed(6))).isNotEqualTo(untouched);
            network.weights()
                    .forEach((name, weight) ->
                            assertThat(weight.toArray()).as(name).isEqualTo(weights.get(name)));
            assertThat(network.layer(TransferNetwork.BACKBONE).isTrainable()).isFalse();
            assertThat(files()).isEqualTo(cache);
        }
    }

    @Test
    void aFailureInTheMiddleLeavesNoTensor() {
        long live = Scope.liveTensors();
        try (RunContext context = RunContext.open(1)) {
            PreparedRun planning = PreparedRun.of(Runs.fineTuned(work, "features.12"), context);
            planning.parts().get(0).forEach(picture -> picture.path().toFile().delete());
            assertThatThrownBy(() -> TrialSteps.of(planning, context)).isInstanceOf(RuntimeException.class);
        }
        assertThat(Scope.liveTensors()).isEqualTo(live);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(work.resolve("cache"))) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    /** What dropout gives after something was done in the middle of a sequence. */
    private static float[] draw(Runnable between) {
        Node input = Node.input(64);
        Network network = Network.of(Model.of("draw", input, input.then("dropout", Dropout.of(0.5))), 1);
        HostTensor ones = HostTensor.allocate(Shape.of(1, 64));
        for (int i = 0; i < ones.elements(); i++) {
            ones.put(i, 1);
        }
        Torch.seed(5);
        try (var live = LiveNetwork.open(network, Engines.ONE_THREAD);
                var scope = Scope.open()) {
            live.call(ones, true);
            between.run();
            return live.call(ones, true).toHost().toArray();
        }
    }

    /** By hand: 12 pictures to train on in 3 views, 4 to validate on; seconds and bytes that are easy to multiply. */
    @Test
    void aRunCostsWhatItsPartsDo() {
        Tried tried = tried(Runs.fineTuned(work, "features.12"));
        TransferPlan plan = tried.planning().plan();
        assertThat(List.of(plan.training(), plan.validation(), plan.test())).containsExactly(12, 4, 0);
        Trial trial =
                new Trial(0.5, 0.2, 10, 100, new Trial.Tuned(new Place.Stage("features.12"), 0.25, 2, 1, 1000, 10));
        TransferSettings decided = tried.planning().settings().decided().with(RunSettings.VIEWS, 3);
        ResolvedSettings settings = new ResolvedSettings(decided, decided);
        RunCost cost = RunCost.of(trial, plan, settings);
        assertThat(cost).isEqualTo(new RunCost(40 * 0.5, 10, 12 * 2 + 4, 2, 2 * 4 + 12, 40 * 10 + 40 * 1000));
        assertThat(cost.total()).isCloseTo(20 + 10 + 2 * 28 + 20, within(1e-9));
        RunCost uncached = RunCost.of(trial, plan, settings.uncached());
        assertThat(uncached).isEqualTo(new RunCost(20, 0, 28 + 16 * 0.25, 2, 20 * 1.25, 0));
        TransferSettings blending = decided.with(TuningSettings.BLEND, true);
        assertThat(RunCost.of(trial, plan, new ResolvedSettings(blending, blending))
                        .end())
                .as("with five mixtures of weights")
                .isEqualTo(20 + 5 * 4);
        Trial frozen = new Trial(0.5, 0.2, 10, 100, null);
        assertThat(RunCost.of(frozen, plan, settings)).isEqualTo(new RunCost(20, 0, 0, 0, 0, 400));
    }

    @Test
    void aStageThatIsNotThereIsRefusedBeforeAnyPictureIsRead() {
        assertThatThrownBy(() -> FolderAdvice.of(Runs.fineTuned(work, "features.120"), event -> {}))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("no stage 'features.120'");
    }
}
