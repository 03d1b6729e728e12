package dev.graft.train;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a {@link RateFinder} saw.
 *
 * @param points one a step, from the lowest rate on
 * @param exploded whether it ended early, because the loss had become a multiple of the lowest or no number
 */
public record RateCurve(List<Point> points, boolean exploded) {
    /** By how much the rate at the lowest loss is divided. */
    private static final double MARGIN = 10;

    private static final int UNSETTLED = 10;

    /** A loss that fell by less than a hundredth has not learnt. */
    private static final double FALLEN = 0.99;

    /**
     * One step.
     *
     * @param rate the optimizer's; groups go with it in proportion
     * @param loss of the step's batch, before the step
     * @param smoothed an exponential mean of the losses so far
     */
    public record Point(double rate, double loss, double smoothed) {}

    public RateCurve {
        points = List.copyOf(points);
    }

    /** The step at which the smoothed loss was lowest, after the first ten: there the mean is of few batches. */
    public Point lowest() {
        return points.get(lowestIndex());
    }

    private int lowestIndex() {
        int lowest = settled();
        for (int i = lowest + 1; i < points.size(); i++) {
            lowest = points.get(i).smoothed() < points.get(lowest).smoothed() ? i : lowest;
        }
        return lowest;
    }

    private int settled() {
        return Math.min(UNSETTLED, points.size() - 1);
    }

    /**
     * The rate at which the smoothed loss fell fastest over the logarithm of the rate, before it was lowest. The first ten
     * steps do not count, as in PyTorch Lightning: there the mean is of few batches and follows each.
     */
    public OptionalDouble steepest() {
        int best = 0;
        double bestFall = 0;
        for (int i = UNSETTLED; i < lowestIndex(); i++) {
            double fall = points.get(i - 1).smoothed() - points.get(i + 1).smoothed();
            if (fall > bestFall) {
                bestFall = fall;
                best = i;
            }
        }
        return best == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(points.get(best).rate());
    }

    /**
     * The lower of two that are usual: the rate of the steepest fall (fastai's {@code steep}, PyTorch Lightning), and a tenth
     * of the rate at which the smoothed loss was lowest (Gugger 2018, "How do you find a good learning rate"; fastai's
     * {@code minimum}). Each guards against what misleads the other: a cliff shortly before the explosion, and few examples
     * that are learnt by heart, whose loss stays at nothing at any rate. Empty where the loss never fell by a hundredth:
     * begin with a lower rate, or end with a higher one.
     */
    public OptionalDouble suggestion() {
        if (lowest().smoothed() > FALLEN * points.get(settled()).smoothed()) {
            return OptionalDouble.empty();
        }
        double below = lowest().rate() / MARGIN;
        return OptionalDouble.of(Math.min(below, steepest().orElse(below)));
    }
}
