package dev.graft.heads;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth convex function by limited-memory BFGS (Nocedal 1980, "Updating Quasi-Newton Matrices with Limited
 * Storage") with a backtracking line search. It stops when two steps running hardly gained anything.
 */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final int MOST_STEPS = 300;
    private static final int MOST_HALVINGS = 25;
    private static final double ARMIJO = 1e-4;

    private Lbfgs() {}

    interface Function {
        /** The value at a place; writes the gradient there. */
        double at(double[] place, double[] gradient);
    }

    /** How far the function was followed. */
    record Minimum(double[] place, double value, int steps, boolean converged) {}

    /** A step that was gone, and how the gradient changed along it. */
    private record Pair(double[] step, double[] change, double curvature) {}

    /**
     * Follows a function to its minimum.
     *
     * @param leastGain by how much it must fall in a step for the step to be worth going on
     */
    static Minimum minimise(Function function, double[] start, double leastGain) {
        double[] place = start.clone();
        double[] gradient = new double[place.length];
        double value = function.at(place, gradient);
        Deque<Pair> pairs = new ArrayDeque<>();
        int idle = 0;
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            double[] direction = direction(gradient, pairs);
            double slope = dot(direction, gradient);
            double[] next = new double[place.length];
            double[] nextGradient = new double[place.length];
            // Nothing is known of the curvature at first, so the first step is short.
            double length =
                    pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient) + Double.MIN_NORMAL)) : 1;
            double nextValue = Double.NaN;
            int halvings = 0;
            for (; halvings < MOST_HALVINGS; halvings++) {
                move(place, direction, length, next);
                nextValue = function.at(next, nextGradient);
                if (nextValue <= value + ARMIJO * length * slope) {
                    break;
                }
                length /= 2;
            }
            if (halvings == MOST_HALVINGS || slope >= 0) {
                return new Minimum(place, value, steps, true);
            }
            remember(pairs, difference(next, place), difference(nextGradient, gradient));
            idle = value - nextValue <= leastGain ? idle + 1 : 0;
            place = next;
            gradient = nextGradient;
            value = nextValue;
            if (idle == 2) {
                return new Minimum(place, value, steps + 1, true);
            }
        }
        return new Minimum(place, value, MOST_STEPS, false);
    }

    /** The recursion over the last pairs, newest first and back. */
    private static double[] direction(double[] gradient, Deque<Pair> pairs) {
        double[] direction = gradient.clone();
        double[] shares = new double[pairs.size()];
        int i = 0;
        for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); i++) {
            Pair pair = newest.next();
            shares[i] = dot(pair.step(), direction) / pair.curvature();
            add(direction, -shares[i], pair.change());
        }
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            scale(direction, last.curvature() / dot(last.change(), last.change()));
        }
        for (Pair pair : pairs) {
            i--;
            add(direction, shares[i] - dot(pair.change(), direction) / pair.curvature(), pair.step());
        }
        scale(direction, -1);
        return direction;
    }

    private static void remember(Deque<Pair> pairs, double[] step, double[] change) {
        double curvature = dot(step, change);
        // A convex function bends upwards; where rounding says otherwise there is nothing to learn.
        if (curvature > 1e-12 * dot(change, change)) {
            pairs.addLast(new Pair(step, change, curvature));
            if (pairs.size() > MEMORY) {
                pairs.removeFirst();
            }
        }
    }

    private static void move(double[] from, double[] direction, double length, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = from[i] + length * direction[i];
        }
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    private static void scale(double[] numbers, double factor) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= factor;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
