package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.GraftException;
import dev.graft.dataset.Batch;
import dev.graft.dataset.Batches;
import dev.graft.layers.Dense;
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
import dev.graft.train.RateCurve.Point;
import dev.graft.train.RateFinder.Range;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The search for a rate, on losses whose highest rate is known by hand. */
@ExtendWith(NoTensorLeft.class)
class RateFinderTest {
    /**
     * Four examples that each have one input, 2, and no bias: the mean squared error {@code sum((2w - 1)²) / 4} has
     * curvature 2 in each weight, so that gradient descent goes further and further off from rate 1 on.
     */
    private static final Batches PARABOLA = always(batch(2, 1));

    /** Targets that contradict each other keep the loss from reaching 0, where a step of any length would stay. */
    private static final Batches CONTRADICTORY = passes(List.of(batch(2, 1), batch(2, 0.6f)));

    private static Batch batch(float input, float target) {
        HostTensor inputs = HostTensor.allocate(Shape.of(4, 4));
        HostTensor targets = HostTensor.allocate(Shape.of(4, 1));
        for (int i = 0; i < 4; i++) {
            inputs.put(5 * i, input);
            targets.put(i, target);
        }
        return new Batch(List.of(inputs), List.of(targets), null);
    }

    /** Two batches a pass, so that a search needs many passes. */
    private static Batches always(Batch batch) {
        return passes(List.of(batch, batch));
    }

    private static Batches passes(List<Batch> batches) {
        return new Batches() {
            @Override
            public int size() {
                return 4 * batches.size();
            }

            @Override
            public int count() {
                return batches.size();
            }

            @Override
            public Reader open(int epoch) {
                Iterator<Batch> rest = batches.iterator();
                return new Reader() {
                    @Override
                    public @Nullable Batch next() {
                        return rest.hasNext() ? rest.next() : null;
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }

    private static Network linear() {
        Node input = Node.input(4);
        Network network =
                Network.of(Model.of("linear", input, input.then("d", Dense.of(1).noBias())), 1);
        network.setWeights(Map.of("d.weight", HostTensor.of(Shape.of(1, 4), new float[4])));
        return network;
    }

    private static RateCurve search(Optimizer optimizer, Range range) {
        return RateFinder.of(linear(), optimizer, Loss.meanSquaredError())
                .on(Engines.ONE_THREAD)
                .range(range)
                .run(CONTRADICTORY);
    }

    @Test
    void theLossIsLowestWhereGradientDescentBeginsToGoAstray() {
        RateCurve curve = search(Optimizer.sgd(0.1), new Range(1e-4, 100, 120));
        assertThat(curve.exploded()).isTrue();
        assertThat(curve.points().get(curve.points().size() - 1).rate()).isBetween(1.0, 6.0);
        assertThat(curve.lowest().rate()).isBetween(0.1, 1.0);
        double steepest = curve.steepest().orElseThrow();
        assertThat(steepest).isBetween(0.005, 0.5);
        assertThat(curve.suggestion().orElseThrow())
                .isEqualTo(Math.min(steepest, curve.lowest().rate() / 10));
    }

    /** Thirty steps whose smoothed losses are given, at rates of 1e-6 and then 1.5 times the one before. */
    private static RateCurve curve(IntToDoubleFunction smoothed) {
        return new RateCurve(
                IntStream.range(0, 30)
                        .mapToObj(i -> new Point(1e-6 * Math.pow(1.5, i), 1, smoothed.applyAsDouble(i)))
                        .toList(),
                false);
    }

    @Test
    void theSuggestionIsTheLowerOfSteepestFallAndTenthOfTheLowest() {
        // Learnt by heart from step 15 on: lowest at the end, steepest in the middle.
        RateCurve learnt = curve(i -> i < 13 ? 1 : i < 16 ? 1 - (i - 12) / 4.0 : 0.01 - i / 1e4);
        assertThat(learnt.lowest()).isEqualTo(learnt.points().get(29));
        assertThat(learnt.steepest()).hasValue(learnt.points().get(13).rate());
        assertThat(learnt.suggestion()).isEqualTo(learnt.steepest());
        // A cliff right before the explosion.
        RateCurve cliff = curve(i -> i < 26 ? 1 - i / 100.0 : i == 26 ? 0.2 : 2);
        assertThat(cliff.steepest()).hasValue(cliff.points().get(25).rate());
        assertThat(cliff.suggestion()).hasValue(cliff.points().get(26).rate() / 10);
        // Lowest by chance in the first steps, which do not count, and never below what followed.
        assertThat(curve(i -> i == 1 ? 0.1 : 1 + i / 100.0).suggestion()).isEmpty();
        // Steeper in the first steps, which do not count.
        RateCurve early = curve(i -> i == 0 ? 5 : i < 20 ? 1 - i / 100.0 : 0.5);
        assertThat(early.steepest()).hasValue(early.points().get(19).rate());
    }

    /** Smoothed by hand: the first is the loss, the second (0.9 * 0.1 * a + 0.1 * b) / 0.19. */
    @Test
    void ratesRiseByTheSameFactorAndLossesAreThoseOfTheSteps() {
        List<Point> told = new ArrayList<>();
        RateCurve curve = RateFinder.of(linear(), Optimizer.sgd(7), Loss.meanSquaredError())
                .on(Engines.ONE_THREAD)
                .range(new Range(0.01, 0.1, 11))
                .run(PARABOLA, told::add);
        assertThat(curve.points()).hasSize(11).isEqualTo(told);
        assertThat(curve.exploded()).isFalse();
        double weight = 0;
        for (int i = 0; i < 11; i++) {
            double rate = 0.01 * Math.pow(10, i / 10.0);
            double loss = (2 * weight - 1) * (2 * weight - 1);
            assertThat(curve.points().get(i).rate()).isCloseTo(rate, within(1e-12));
            assertThat(curve.points().get(i).loss()).isCloseTo(loss, within(1e-6));
            // Each weight is in one of the four examples.
            weight -= rate * (2 * weight - 1);
        }
        Point first = curve.points().get(0);
        Point second = curve.points().get(1);
        assertThat(first.smoothed()).isCloseTo(first.loss(), within(1e-12));
        assertThat(second.smoothed()).isCloseTo((0.09 * first.loss() + 0.1 * second.loss()) / 0.19, within(1e-12));
    }

    @Test
    void groupsGoWithTheRateInProportion() {
        RateCurve plain = search(Optimizer.sgd(0.1), new Range(1e-4, 100, 121));
        RateCurve tenfold = search(Optimizer.sgd(0.1).group("d", 1), new Range(1e-4, 100, 121));
        assertThat(tenfold.lowest().rate()).isCloseTo(plain.lowest().rate() / 10, within(1e-6));
    }

    /** Dropout draws and batch statistics move on the way; nothing of it is left. */
    @Test
    void networkAndRandomStateAreWhatTheyWere() {
        Node input = Node.input(2, 4, 4);
        Model model = Model.of("m", input, input.then("drop", Dropout.of(0.5)).then("body", Tiny.convolutions()));
        Network network = Network.of(model, 1);
        var before = Tiny.Snapshot.of(network);
        float[] untouched = draw(network, () -> {});
        assertThat(draw(network, () -> RateFinder.of(network, Optimizer.adam(1e-3), Loss.crossEntropy())
                        .on(Engines.ONE_THREAD)
                        .run(Tiny.pictures(16, 4, 1))))
                .isEqualTo(untouched);
        assertThat(before.moved(network)).isEmpty();
        assertThat(draw(network, () -> Torch.seed(6))).isNotEqualTo(untouched);
    }

    /** What dropout gives after something was done in the middle of a sequence. */
    private static float[] draw(Network network, Runnable between) {
        HostTensor picture = HostTensor.allocate(Shape.of(1, 2, 4, 4));
        for (int i = 0; i < picture.elements(); i++) {
            picture.put(i, i + 1);
        }
        Torch.seed(5);
        try (var live = LiveNetwork.open(network, Engines.ONE_THREAD);
                var scope = Scope.open()) {
            live.call(picture, true);
            between.run();
            return live.call(picture, true).toHost().toArray();
        }
    }

    @Test
    void theSameSearchGivesTheSameCurve() {
        Network network = Network.of(Tiny.convolutions(), 1);
        RateFinder finder = RateFinder.of(network, Optimizer.adam(1e-3), Loss.crossEntropy())
                .on(Engines.ONE_THREAD);
        assertThat(finder.run(Tiny.pictures(16, 4, 1))).isEqualTo(finder.run(Tiny.pictures(16, 4, 1)));
    }

    @Test
    void aLossThatNeverFallsGivesNoSuggestion() {
        Network network = linear();
        RateCurve flat = RateFinder.of(network, Optimizer.sgd(0.1), Loss.meanSquaredError())
                .on(Engines.ONE_THREAD)
                .run(always(batch(0, 1)));
        assertThat(flat.points()).hasSize(100);
        assertThat(flat.suggestion()).isEmpty();
        RateCurve tooHigh = search(Optimizer.sgd(0.1), new Range(50, 1000, 10));
        assertThat(tooHigh.exploded()).isTrue();
        assertThat(tooHigh.suggestion()).isEmpty();
        assertThat(tooHigh.steepest()).isEmpty();
    }

    @Test
    void aLossThatBecomesNoNumberEndsTheSearch() {
        Batch lost = batch(Float.NaN, 1);
        Batch good = batch(2, 1);
        RateFinder finder = RateFinder.of(linear(), Optimizer.sgd(0.1), Loss.meanSquaredError())
                .on(Engines.ONE_THREAD);
        RateCurve curve = finder.run(passes(List.of(good, good, lost)));
        assertThat(curve.points()).hasSize(2);
        assertThat(curve.exploded()).isTrue();
        assertThatThrownBy(() -> finder.run(always(lost)))
                .isInstanceOf(GraftException.class)
                .hasMessage("rate finder: the loss is NaN before the first step; look for weights or inputs that are no"
                        + " finite numbers");
    }

    @Test
    void whatMeansNothingIsRefused() {
        assertThatThrownBy(() -> new Range(0, 1, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rates are tried from one above 0 up to a higher one, got 0.0 and 1.0");
        assertThatThrownBy(() -> new Range(1, 1, 100)).hasMessageContaining("got 1.0 and 1.0");
        assertThatThrownBy(() -> new Range(1, Double.NaN, 100)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Range(1e-3, 1, 9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rates are tried over 10 to 10000 steps, got 9");
        Network frozen = linear();
        frozen.setTrainable(false);
        assertThatThrownBy(() -> RateFinder.of(frozen, Optimizer.sgd(1), Loss.meanSquaredError())
                        .on(Engines.ONE_THREAD)
                        .run(PARABOLA))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("nothing is trainable");
        assertThatThrownBy(() -> RateFinder.of(linear(), Optimizer.sgd(1), Loss.meanSquaredError())
                        .on(Engines.ONE_THREAD)
                        .run(passes(List.of())))
                .isInstanceOf(GraftException.class)
                .hasMessage("rate finder: there are no examples to try rates on");
    }
}
