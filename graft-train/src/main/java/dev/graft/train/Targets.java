package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;

/**
 * The targets of a batch before a step, as the checks of losses look at them.
 *
 * @param loss what messages begin with
 * @param outputs the shape of what the network gives, the batch fixed or open
 */
record Targets(String loss, HostTensor values, Shape outputs) {
    private static final double SUM_TOLERANCE = 1e-3;

    /** What one number must be. */
    @FunctionalInterface
    interface Rule {
        boolean holds(float value);
    }

    boolean areIndices() {
        return values.shape().rank() == 1;
    }

    /** Whether the shape is that one; an open batch fits any. */
    boolean fit(Shape expected) {
        Shape got = values.shape();
        boolean open = expected.size(0) == Shape.BATCH && got.rank() > 0;
        return got.equals(open ? expected.withBatch(got.size(0)) : expected);
    }

    void requireMatrix() {
        if (outputs.rank() != 2) {
            throw refused("outputs [N, units]", outputs, "put Flatten or a global pooling before the head");
        }
    }

    void requireShape(Shape expected, String remedy) {
        if (!fit(expected)) {
            throw refused("targets " + expected, values.shape(), remedy);
        }
    }

    /** One column an output; of a single output {@code [N]} too. */
    void requireColumns(String remedy) {
        boolean single = outputs.rank() == 2 && outputs.size(1) == 1;
        if (!(single && fit(Shape.of(outputs.size(0))))) {
            requireShape(outputs, remedy);
        }
    }

    /** Class indices {@code [N]}. */
    void requireIndices(String remedy) {
        requireShape(Shape.of(outputs.size(0)), remedy);
        int classes = outputs.size(1);
        for (int example = 0; example < values.elements(); example++) {
            float label = values.get(example);
            if (!(label >= 0 && label < classes && label == (int) label)) {
                throw new GraftException(loss + ": label " + text(label) + " of example " + example
                        + ": expected 0 to " + (classes - 1) + ", a whole number, as the network has " + classes
                        + " outputs; fix the label or give the head an output a class");
            }
        }
    }

    void requireEach(String expected, Rule rule) {
        for (int i = 0; i < values.elements(); i++) {
            if (!rule.holds(values.get(i))) {
                throw new GraftException(
                        loss + ": target " + text(values.get(i)) + " of " + place(i) + ": expected " + expected);
            }
        }
    }

    /** Rows that add up to 1. */
    void requireShares(String remedy) {
        requireEach("0 to 1", share -> share >= 0 && share <= 1);
        int classes = outputs.size(1);
        for (int start = 0; start < values.elements(); start += classes) {
            double sum = 0;
            for (int i = 0; i < classes; i++) {
                sum += values.get(start + i);
            }
            if (Math.abs(sum - 1) > SUM_TOLERANCE) {
                throw new GraftException(loss + ": the targets of example " + start / classes + " add up to "
                        + text((float) sum) + ": expected 1; " + remedy);
            }
        }
    }

    private String place(int index) {
        int columns = (int) values.shape().itemElements();
        return "example " + index / columns + (columns == 1 ? "" : ", column " + index % columns);
    }

    GraftException refused(String expected, Shape got, String remedy) {
        return new GraftException(loss + ": expected " + expected + ", got " + got + "; " + remedy);
    }

    private static String text(float number) {
        return number == (int) number ? Integer.toString((int) number) : Float.toString(number);
    }
}
