package dev.graft.train;

import static dev.graft.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.testing.Engines;
import dev.graft.testing.NoTensorLeft;
import dev.graft.train.StateKeeper.Moment;
import dev.graft.train.TrainingEvent.StepDone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A phase that goes on from what was kept ends as if it had not been interrupted. */
@Tag("slow")
@ExtendWith(NoTensorLeft.class)
class ResumeTest {
    @TempDir
    Path folder;

    /** What a run gave, and the states that it came through. */
    private record Outcome(
            Map<String, HostTensor> weights, History history, List<TrainerState> states, Set<Moment> moments) {
        /** All bits of weights, states and history but the seconds. */
        void checkEquals(Outcome other) {
            assertThat(other.weights.keySet()).isEqualTo(weights.keySet());
            weights.forEach((name, weight) ->
                    assertThat(same(weight, other.weights.get(name))).as(name).isTrue());
            assertThat(timeless(other.history)).isEqualTo(timeless(history));
        }
    }

    private static boolean same(HostTensor one, @Nullable HostTensor other) {
        return other != null && one.sameBits(other);
    }

    private static History timeless(History history) {
        List<History.Epoch> epochs = history.epochs().stream()
                .map(epoch -> new History.Epoch(
                        epoch.number(), epoch.training(), epoch.validation(), epoch.learningRate(), 0))
                .toList();
        return new History(history.phase(), history.before(), epochs, history.bestEpoch(), history.stopped());
    }

    /** Keeps everything. */
    private static final class All implements StateKeeper {
        private final List<TrainerState> states = new ArrayList<>();
        private final Set<Moment> moments = EnumSet.noneOf(Moment.class);

        @Override
        public boolean isTime(Moment moment) {
            moments.add(moment);
            return true;
        }

        @Override
        public void keep(TrainerState state) {
            states.add(state);
        }
    }

    private static Outcome run(ResumeCase kind, Consumer<Trainer> options) {
        Network network = ResumeCase.network(1);
        All all = new All();
        try (Trainer trainer = kind.trainer(network)) {
            options.accept(trainer.keep(all));
            History history = trainer.fit(ResumeCase.training(), ResumeCase.validation(), kind.phase());
            return new Outcome(network.weights(), history, all.states, all.moments);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fromEveryMomentItEndsInTheSameBits(ResumeCase kind) {
        Network plain = ResumeCase.network(1);
        History history;
        try (Trainer trainer = kind.trainer(plain)) {
            history = trainer.fit(ResumeCase.training(), ResumeCase.validation(), kind.phase());
        }
        Outcome whole = run(kind, trainer -> {});
        whole.checkEquals(new Outcome(plain.weights(), history, List.of(), Set.of()));
        assertThat(whole.moments).containsExactly(Moment.START, Moment.STEP, Moment.EPOCH);
        assertThat(whole.states).hasSizeGreaterThan(6);
        for (int kept = 0; kept < whole.states.size(); kept++) {
            ResumeFolder place = ResumeFolder.at(folder.resolve(kind + "-" + kept));
            place.write(ResumePoint.of(whole.states.get(kept)));
            TrainerState read = Objects.requireNonNull(
                    place.newest(damaged -> {}).orElseThrow().state());
            Outcome resumed = run(kind, trainer -> trainer.resume(read));
            whole.checkEquals(resumed);
            List<TrainerState> rest = whole.states.subList(kept + 1, whole.states.size());
            assertThat(resumed.states).as("resumed from %s", kept).hasSameSizeAs(rest);
            for (int i = 0; i < rest.size(); i++) {
                checkSame(rest.get(i), resumed.states.get(i));
            }
        }
    }

    private static void checkSame(TrainerState one, TrainerState other) {
        assertThat(other.epoch()).isEqualTo(one.epoch());
        assertThat(other.batches()).isEqualTo(one.batches());
        assertThat(other.plan()).isEqualTo(one.plan());
        assertThat(other.tensors().keySet()).isEqualTo(one.tensors().keySet());
        one.tensors().forEach((name, tensor) -> assertThat(
                        same(tensor, other.tensors().get(name)))
                .as(name)
                .isTrue());
        assertThat(other.numbers().progress()).isEqualTo(one.numbers().progress());
        assertThat(other.numbers().meter().loss())
                .isEqualTo(one.numbers().meter().loss());
        assertThat(other.numbers().factor()).isEqualTo(one.numbers().factor());
    }

    /** The tests above would see nothing of what never changes. */
    @Test
    void theCasesHaveWhatIsToBeKept() {
        Map<ResumeCase, TrainerState> last = new LinkedHashMap<>();
        for (ResumeCase kind : ResumeCase.values()) {
            Outcome outcome = run(kind, trainer -> {});
            last.put(kind, outcome.states.get(outcome.states.size() - 1));
        }
        assertThat(tensors(last, ResumeCase.ADAM_COSINE))
                .contains(
                        "weight/body_norm.running_mean",
                        "optimizer/exp_avg/body.weight",
                        "optimizer/exp_avg_sq/head.bias")
                .noneMatch(name -> name.contains("stem") || name.startsWith("mean/"));
        assertThat(tensors(last, ResumeCase.ADAM_W_MEANS)).contains("mean/head.bias", "best/head.bias");
        assertThat(tensors(last, ResumeCase.SGD_PLATEAU)).contains("optimizer/momentum_buffer/head.weight");
        assertThat(Objects.requireNonNull(last.get(ResumeCase.SGD_PLATEAU))
                        .numbers()
                        .progress()
                        .rate())
                .isLessThan(1);
        assertThat(tensors(last, ResumeCase.RMSPROP))
                .contains(
                        "optimizer/square_avg/head.weight",
                        "optimizer/grad_avg/head.weight",
                        "optimizer/momentum_buffer/head.weight");
        assertThat(tensors(last, ResumeCase.PLAIN_SGD)).noneMatch(name -> name.startsWith("optimizer/"));
    }

    private static Set<String> tensors(Map<ResumeCase, TrainerState> states, ResumeCase kind) {
        return Objects.requireNonNull(states.get(kind)).tensors().keySet();
    }

    /** A user who stops a phase in the middle of an epoch gets its end at once, and may still go on as if that was not. */
    @ParameterizedTest
    @EnumSource(names = {"ADAM_COSINE", "ADAM_W_MEANS"})
    void aStoppedPhaseGoesOnFromWhereItWasStopped(ResumeCase kind) {
        Outcome whole = run(kind, trainer -> {});
        for (int steps : List.of(0, 4, 7, 11)) {
            AtomicInteger made = new AtomicInteger();
            Outcome stopped = run(kind, trainer -> trainer.listen(event -> {
                        if (event instanceof StepDone) {
                            made.incrementAndGet();
                        }
                    })
                    .stopWhen(() -> made.get() >= steps));
            assertThat(stopped.history.stopped()).isTrue();
            assertThat(stopped.moments).contains(Moment.STOP);
            TrainerState state = stopped.states.get(stopped.states.size() - 1);
            assertThat((state.epoch() - 1) * 7 + state.batches()).isEqualTo(steps);
            whole.checkEquals(run(kind, trainer -> trainer.resume(state)));
        }
    }

    @Test
    void whatWasDoneIsNotReadAgain() {
        Outcome whole = run(ResumeCase.ADAM_COSINE, trainer -> {});
        TrainerState state = whole.states.stream()
                .filter(each -> each.epoch() == 2 && each.batches() == 5)
                .findFirst()
                .orElseThrow();
        List<String> passes = new ArrayList<>();
        Batches training = ResumeCase.training();
        Batches watched = new Batches() {
            @Override
            public int size() {
                return training.size();
            }

            @Override
            public int count() {
                return training.count();
            }

            @Override
            public Reader open(int epoch) {
                return open(epoch, 0);
            }

            @Override
            public Reader open(int epoch, int passed) {
                passes.add(epoch + " after " + passed);
                return training.open(epoch, passed);
            }
        };
        List<Integer> steps = new ArrayList<>();
        try (Trainer trainer = ResumeCase.ADAM_COSINE.trainer(ResumeCase.network(1))) {
            trainer.listen(event -> {
                if (event instanceof StepDone done) {
                    steps.add(done.step());
                }
            });
            trainer.resume(state).fit(watched, ResumeCase.validation(), ResumeCase.ADAM_COSINE.phase());
        }
        assertThat(passes).containsExactly("1 after 5", "2 after 0");
        assertThat(steps).containsExactly(6, 7, 1, 2, 3, 4, 5, 6, 7);
    }

    /** The next phase of a trainer that has been through one begins as it would have. */
    @Test
    void aSecondPhaseKeepsWhatTheOptimizerLearntInTheFirst() {
        Phase second = Phase.of("second", 2);
        Network whole = ResumeCase.network(1);
        All all = new All();
        History history;
        try (Trainer trainer = ResumeCase.ADAM_COSINE.trainer(whole)) {
            trainer.fit(ResumeCase.training(), ResumeCase.validation(), Phase.of("first", 1));
            history = trainer.keep(all).fit(ResumeCase.training(), ResumeCase.validation(), second);
        }
        for (TrainerState state : List.of(all.states.get(0), all.states.get(3))) {
            Network resumed = ResumeCase.network(1);
            try (Trainer trainer = ResumeCase.ADAM_COSINE.trainer(resumed)) {
                History now = trainer.resume(state).fit(ResumeCase.training(), ResumeCase.validation(), second);
                new Outcome(whole.weights(), history, List.of(), Set.of())
                        .checkEquals(new Outcome(resumed.weights(), now, List.of(), Set.of()));
            }
        }
    }

    /** A counter of a user's own, which cannot say what it counted. */
    private record Examples() implements Metric {
        @Override
        public String name() {
            return "examples";
        }

        @Override
        public Counter start() {
            return new Counter() {
                private int examples;

                @Override
                public void add(Scored batch) {
                    examples += batch.examples();
                }

                @Override
                public double value() {
                    return examples;
                }
            };
        }
    }

    @Test
    void withMetricsThatCannotSayOnlyTheEndsOfEpochsAreKept() {
        All all = new All();
        Network network = ResumeCase.network(1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(network, Optimizer.adam(0.01), Loss.crossEntropy(), new Examples())) {
            History history = trainer.keep(all).fit(ResumeCase.training(), Phase.of(2));
            assertThat(history.get("examples")).containsExactly(27, 27);
        }
        assertThat(all.moments).containsExactly(Moment.START, Moment.EPOCH);
        Network resumed = ResumeCase.network(1);
        try (Trainer trainer = Trainer.on(Engines.ONE_THREAD)
                .compile(resumed, Optimizer.adam(0.01), Loss.crossEntropy(), new Examples())) {
            trainer.resume(all.states.get(1)).fit(ResumeCase.training(), Phase.of(2));
        }
        network.weights().forEach((name, weight) -> assertThat(
                        same(weight, resumed.weights().get(name)))
                .as(name)
                .isTrue());
    }

    @Test
    void anotherPhaseOptimizerNetworkOrOtherExamplesAreRefusedWithTheDifferences() {
        Outcome whole = run(ResumeCase.ADAM_COSINE, trainer -> {});
        TrainerState state = whole.states.get(3);
        Phase phase = ResumeCase.ADAM_COSINE.phase();
        refused(
                () -> resume(
                        state,
                        ResumeCase.network(1),
                        Optimizer.adam(0.02),
                        4,
                        phase.stopAfter(1).accumulate(2)),
                "phase 'train': cannot go on from what was kept, which is of something else: patience was 3, is 1; "
                        + "steps was Stepping[batches=1, averageDecay=0.0], is Stepping[batches=2, averageDecay=0.0]"
                        + ". Use what was used then, or start over");
        refused(
                () -> resume(state, ResumeCase.network(1), Optimizer.adamW(0.02), 4, phase),
                "optimizer was Adam[beta1=0.9, beta2=0.999, epsilon=1.0E-8], is AdamW[",
                "group 1 was rate 0.02, decay 0.0, weights body.weight to head.bias (5, ",
                "is rate 0.02, decay 0.01, weights body.weight to head.weight (2, ",
                "group 2 was none, is rate 0.02, decay 0.0, ");
        refused(
                () -> resume(state, ResumeCase.network(1), Optimizer.adam(0.02), 5, phase),
                "batches an epoch was 7, is 6");
        Network thawed = ResumeCase.network(1);
        thawed.setTrainable(true);
        refused(
                () -> resume(state, thawed, Optimizer.adam(0.02), 4, phase),
                "frozen weights was 5 (",
                "weight stem.weight was none, is [4, 2, 3, 3]; weight stem_norm.weight was none, is [4]; ",
                "; and 2 weights more. Use");
        Network other = ResumeCase.network(2);
        refused(() -> resume(state, other, Optimizer.adam(0.02), 4, phase), "frozen weights was 5 (", "), is 5 (");
        assertThat(same(other.weight("head.weight"), ResumeCase.network(2).weight("head.weight")))
                .as("untouched")
                .isTrue();
        try (Trainer trainer = ResumeCase.ADAM_COSINE.trainer(ResumeCase.network(1))) {
            refused(
                    () -> trainer.resume(state).seed(12).fit(ResumeCase.training(), phase),
                    "seed was 11, is 12; validation examples was 10, is none");
        }
    }

    private static void resume(TrainerState state, Network network, Optimizer optimizer, int batchSize, Phase phase) {
        try (Trainer trainer = ResumeCase.trainer(network, optimizer)) {
            trainer.resume(state).fit(ResumeCase.training(batchSize), ResumeCase.validation(), phase);
        }
    }

    @Test
    void batchesOfOnesOwnArePassedOverByReadingThem() {
        MemoryBatches batches = Tiny.vectors(10, 4, 1);
        try (var after = batches.open(0, 2)) {
            Batch last = Objects.requireNonNull(after.next());
            assertThat(last.size()).isEqualTo(2);
            assertThat(after.next()).isNull();
        }
    }

    @Test
    void timeDecidesBetweenStartAndStop() {
        List<TrainerState> kept = new ArrayList<>();
        long[] now = {0};
        StateKeeper keeper = StateKeeper.every(Duration.ofSeconds(2), () -> now[0], kept::add);
        assertThat(keeper.isTime(Moment.START)).isTrue();
        assertThat(keeper.isTime(Moment.STOP)).isTrue();
        now[0] = 1_999_999_999L;
        assertThat(keeper.isTime(Moment.STEP)).isFalse();
        now[0] = 2_000_000_000L;
        assertThat(keeper.isTime(Moment.STEP)).isTrue();
        assertThat(keeper.isTime(Moment.EPOCH)).isTrue();
        keeper.keep(run(ResumeCase.PLAIN_SGD, trainer -> {}).states.get(0));
        assertThat(kept).hasSize(1);
        assertThat(keeper.isTime(Moment.EPOCH)).isFalse();
    }
}
