package dev.graft.transfer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GeneratedPictures;
import dev.graft.GraftException;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Folders;
import dev.graft.train.TrainingEvent;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.TransferEvent.Pass;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.plan.Planned;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.TransferPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs from a folder to a network, and that what is cached changes nothing but the time. */
@Tag("slow")
class TransferRunTest {
    /** In these weights all units after them are below 0 for every picture, and ReLU lets no gradient through. */
    private static final Set<String> DEAD =
            Set.of("backbone.features.1.block.1.fc1.bias", "backbone.features.4.block.2.fc1.bias");

    @TempDir
    Path work;

    private byte[] bundle(TransferResult result) {
        Path file = work.resolve("out.graft");
        result.bundle().write(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void learnsToTellDiscsSquaresAndStripesApart() {
        GeneratedPictures.folder(work.resolve("pictures"), 3, 10);
        TransferResult result = Runs.run(Runs.trained(Runs.head(work), 30, 1e-2));
        assertThat(result.validation().accuracy()).isEqualTo(1);
        assertThat(result.test()).isNull();
        assertThat(result.histories()).hasSize(1);
        assertThat(result.stopped()).isFalse();
        assertThat(result.validation().loss())
                .isCloseTo(result.histories().get(0).best().loss(), within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void cachedAndUncachedRunsGiveTheSameBundleAndTheSecondComputesNothing(int views) {
        TransferSettings settings = Runs.fineTuned(work, "features.12").with(RunSettings.VIEWS, views);
        TransferResult first = Runs.run(settings);
        byte[] bundle = bundle(first);
        int perPhase = 12 * views + 4;
        assertThat(first.cache().misses()).isEqualTo(2 * perPhase);
        assertThat(first.cache().hits()).isZero();
        assertThat(first.cache().bytes()).isPositive();

        TransferResult second = Runs.run(settings);
        assertThat(second.cache().misses()).isZero();
        assertThat(second.cache().hits()).isEqualTo(2 * perPhase);
        assertThat(bundle(second)).isEqualTo(bundle);

        TransferResult uncached = Runs.run(Runs.uncached(settings));
        assertThat(uncached.cache().hits()).isZero();
        assertThat(uncached.cache().bytes()).isZero();
        assertThat(bundle(uncached)).isEqualTo(bundle);
    }

    @Test
    void theSeedDecidesEverything() {
        TransferSettings settings = Runs.uncached(Runs.fineTuned(work, "classifier.0"));
        byte[] bundle = bundle(Runs.run(settings));
        assertThat(bundle(Runs.run(settings))).isEqualTo(bundle);
        assertThat(bundle(Runs.run(settings.with(RunSettings.SEED, 43L)))).isNotEqualTo(bundle);
    }

    @Test
    void deletingOrDamagingTheCacheBetweenAndDuringPhasesChangesNothing() throws IOException {
        TransferSettings settings = Runs.fineTuned(work, "features.12").with(RunSettings.VIEWS, 2);
        byte[] bundle = bundle(Runs.run(settings));
        assertThat(segments()).isNotEmpty();
        for (Path segment : segments()) {
            byte[] bytes = Files.readAllBytes(segment);
            bytes[100] ^= 1;
            Files.write(segment, bytes);
        }
        assertThat(bundle(Runs.run(settings))).as("damaged").isEqualTo(bundle);
        TransferResult deletedMeanwhile = TransferRun.run(
                settings,
                event -> {
                    boolean passing = event instanceof TransferEvent.FrozenPass pass && pass.done() % 7 == 0;
                    boolean stepping = event instanceof TransferEvent.Training training
                            && training.event() instanceof TrainingEvent.StepDone;
                    if (passing || stepping) {
                        Folders.delete(work.resolve("cache"));
                    }
                },
                () -> false);
        assertThat(bundle(deletedMeanwhile)).as("deleted").isEqualTo(bundle);
    }

    private List<Path> segments() throws IOException {
        return Folders.files(work.resolve("cache"), ".features");
    }

    @Test
    void aRunThatIsLargerThanTheCapGoesWithoutAStore() {
        TransferSettings settings = Runs.head(work);
        TransferResult result = Runs.run(settings.with(RunSettings.CACHE_SIZE, Runs.gigabytes(16 * 1024)));
        assertThat(work.resolve("cache")).doesNotExist();
        assertThat(result.cache().bytes()).isZero();
        assertThat(bundle(result)).isEqualTo(bundle(Runs.run(settings)));
    }

    @Test
    void aRunIsToldWhetherItsPassIsKept() {
        TransferSettings settings = Runs.head(work);
        assertThat(passes(settings)).containsExactly(Pass.KEPT);
        assertThat(passes(settings.with(RunSettings.NO_CACHE, true))).containsExactly(Pass.NOT_KEPT);
        assertThat(passes(settings.with(RunSettings.CACHE_SIZE, Runs.gigabytes(1024))))
                .as("too small a cache")
                .containsExactly(Pass.NOT_KEPT);
        assertThat(passes(Runs.fineTuned(work, "all"))).containsExactly(Pass.KEPT, Pass.NOTHING_FROZEN);
    }

    private static List<Pass> passes(TransferSettings settings) {
        List<Pass> passes = new ArrayList<>();
        TransferRun.run(
                settings,
                event -> {
                    if (event instanceof TransferEvent.PassStarted started) {
                        passes.add(started.pass());
                    }
                },
                () -> false);
        return passes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"features.12", "4", "all"})
    void fineTuningMovesEveryUnfrozenParameterAndNothingElse(String unfreeze) {
        TransferSettings settings = Runs.fineTuned(work, unfreeze);
        TransferNetwork like =
                TransferNetwork.of(settings.get(BackboneSettings.BACKBONE), 2, settings.get(RunSettings.SEED));
        Network start = like.network();
        Set<String> trainable = like.unfrozen(Place.parse(unfreeze), BatchNormPolicy.STATISTICS_FROZEN);
        assertThat(trainable).noneMatch(name -> name.contains("running_"));

        TransferResult result = Runs.run(settings);
        assertThat(result.histories()).hasSize(2);
        assertThat(result.histories().get(1).bestEpoch())
                .as("fine-tuning helped")
                .isPositive();
        List<String> wrong = new ArrayList<>();
        result.network().network().weights().forEach((name, weight) -> {
            HostTensor before = start.weight(name);
            boolean mayMove = trainable.contains(name);
            if (weight.sameBits(before) == mayMove && !(mayMove && DEAD.contains(name))) {
                wrong.add(name);
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(result.plan().tuning().get(0).parameters()).isEqualTo(start.parameters(trainable));
        assertThat(result.phases().stream().map(PhaseResult::name)).containsExactly("head", "fine-tune");
    }

    @Test
    void thePlanCountsWhatThereIs() throws IOException {
        TransferSettings settings = Runs.fineTuned(work, "classifier.0").with(DataSettings.TEST_SHARE, 0.25);
        Files.writeString(work.resolve("pictures/discs/notes.txt"), "not a picture");
        List<TransferPlan> plans = new ArrayList<>();
        assertThatThrownBy(() -> TransferRun.run(
                        settings,
                        event -> {
                            if (event instanceof Planned planned) {
                                plans.add(planned.plan());
                            }
                        },
                        () -> !plans.isEmpty()))
                .isInstanceOf(GraftException.class);
        TransferPlan plan = plans.get(0);
        assertThat(plan.model()).isEqualTo("mobilenet_v3_small");
        assertThat(plan.classes()).containsExactly("discs", "squares");
        assertThat(plan.counts()).containsExactly(4, 4);
        assertThat(List.of(plan.training(), plan.validation(), plan.test())).containsExactly(8, 4, 4);
        assertThat(plan.source().ignored()).containsEntry("txt", 1);
        HeadPhase head = plan.head().orElseThrow();
        assertThat(head.parameters()).isEqualTo(2 * 1024 + 2);
        assertThat(plan.tuning().get(0).parameters()).isEqualTo(2 * 1024 + 2 + 576 * 1024 + 1024);
        assertThat(Objects.requireNonNull(head.training()).epochs()).isEqualTo(3);
        assertThat(plan.tuning().get(0).from()).isEqualTo(new Place.Stage("classifier.0"));
    }

    @Test
    void aTestPartIsEvaluatedWithTheFinalWeights() {
        TransferSettings settings = Runs.trained(Runs.head(work), 20, 1e-2).with(DataSettings.TEST_SHARE, 0.25);
        TransferResult result = Runs.run(settings);
        var test = result.test();
        assertThat(test).isNotNull();
        assertThat(test.total()).isEqualTo(4);
        assertThat(test.accuracy()).isEqualTo(1);
    }

    @Test
    void eventsTellThePlanThePassAndTheTrainingInThisOrder() {
        List<String> told = new ArrayList<>();
        TransferRun.run(
                Runs.fineTuned(work, "classifier.0"),
                event -> {
                    String kind = event instanceof TransferEvent.Training training
                            ? training.event().getClass().getSimpleName()
                            : event.getClass().getSimpleName();
                    if (told.isEmpty() || !told.get(told.size() - 1).equals(kind)) {
                        told.add(kind);
                    }
                },
                () -> false);
        List<String> head = List.of(
                "PassStarted",
                "FrozenPass",
                "Planned",
                "PhaseBegun",
                "PhaseStarted",
                "StepDone",
                "EpochDone",
                "StepDone",
                "EpochDone",
                "StepDone",
                "EpochDone",
                "PhaseDone");
        List<String> fineTuning = List.of(
                "PhaseBegun",
                "PassStarted",
                "FrozenPass",
                "PhaseStarted",
                "StepDone",
                "EpochDone",
                "StepDone",
                "EpochDone",
                "PhaseDone");
        List<String> expected = new ArrayList<>();
        expected.addAll(head);
        expected.addAll(fineTuning);
        assertThat(told).isEqualTo(expected);
    }
}
