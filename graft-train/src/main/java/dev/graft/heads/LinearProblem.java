package dev.graft.heads;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import dev.graft.torch.Gradients;
import dev.graft.torch.LinearAlgebra;
import dev.graft.torch.Scope;
import dev.graft.torch.Tensor;
import dev.graft.torch.TorchOps;
import java.nio.FloatBuffer;
import java.util.function.IntToDoubleFunction;

/**
 * The mean loss of a linear head over some examples with an L2 penalty on its weights, not on its bias: {@code mean(loss) +
 * regularisation / 2 · |W|²}. Examples are in their {@link PrincipalBasis}; along each axis the place that a solver moves
 * is measured in units of the curvature there. Holds the examples in native memory until it is closed.
 */
final class LinearProblem implements AutoCloseable, Lbfgs.Function {
    private static final TorchOps OPS = new TorchOps();

    private final Engine engine;
    private final LinearLoss loss;
    private final double regularisation;
    private final double[] units;
    private final FeatureTable turned;
    private final Tensor features;
    private final HostTensor slopes;
    private final IntToDoubleFunction weights;

    /**
     * Sets up a problem.
     *
     * @param turned the examples in their basis
     * @param basis whose engine computes
     * @param weights how much an example of a class counts
     */
    LinearProblem(
            LinearLoss loss,
            double regularisation,
            FeatureTable turned,
            PrincipalBasis basis,
            IntToDoubleFunction weights) {
        this.engine = basis.engine();
        this.weights = weights;
        this.loss = loss;
        this.regularisation = regularisation;
        this.turned = turned;
        double[] variances = basis.variances();
        this.units = new double[variances.length + 1];
        for (int axis = 0; axis < variances.length; axis++) {
            units[axis] = 1 / Math.sqrt(loss.curvature() * variances[axis] + regularisation);
        }
        units[variances.length] = 1 / Math.sqrt(loss.curvature());
        slopes = HostTensor.allocate(Shape.of(turned.size(), turned.classes()));
        try (var scope = Scope.open()) {
            features = engine.tensor(turned.features()).keep();
        }
    }

    /** Where all weights are 0: each class has so many numbers, its weights and its bias. */
    double[] origin() {
        return new double[turned.classes() * units.length];
    }

    @Override
    public double at(double[] place, double[] gradient) {
        LinearHead head = head(place);
        int classes = turned.classes();
        int axes = units.length - 1;
        try (var scope = Scope.open();
                var gradients = Gradients.off()) {
            Tensor weight = engine.tensor(head.weight());
            HostTensor logits =
                    OPS.linear(features, weight, engine.tensor(head.bias())).toHost();
            double[] ofBias = new double[classes];
            double value = losses(logits, ofBias) / turned.size();
            HostTensor ofWeight = LinearAlgebra.transposedProduct(engine.tensor(slopes), features)
                    .toHost();
            for (int row = 0; row < classes; row++) {
                for (int axis = 0; axis < axes; axis++) {
                    int i = row * axes + axis;
                    double weightAt = head.weight().get(i);
                    value += regularisation / 2 * weightAt * weightAt;
                    double slope = ofWeight.get(i) / turned.size() + regularisation * weightAt;
                    gradient[row * units.length + axis] = slope * units[axis];
                }
                gradient[row * units.length + axes] = ofBias[row] / turned.size() * units[axes];
            }
            return value;
        }
    }

    /** The sum of the losses; their derivatives by the logits become {@link #slopes}, added up those by the biases. */
    private double losses(HostTensor logits, double[] ofBias) {
        int classes = turned.classes();
        float[] row = new float[classes];
        float[] slope = new float[classes];
        FloatBuffer in = logits.values();
        FloatBuffer out = slopes.values();
        double sum = 0;
        for (int example = 0; example < turned.size(); example++) {
            in.get(row);
            double weight = weights.applyAsDouble(turned.label(example));
            sum += weight * loss.at(row, turned.label(example), slope);
            for (int i = 0; i < classes; i++) {
                slope[i] *= (float) weight;
                ofBias[i] += slope[i];
            }
            out.put(slope);
        }
        return sum;
    }

    /** The head at a place, for examples in the basis. */
    LinearHead head(double[] place) {
        int axes = units.length - 1;
        HostTensor weight = HostTensor.allocate(Shape.of(turned.classes(), axes));
        HostTensor bias = HostTensor.allocate(Shape.of(turned.classes()));
        for (int row = 0; row < turned.classes(); row++) {
            for (int axis = 0; axis < axes; axis++) {
                weight.put(row * axes + axis, (float) (place[row * units.length + axis] * units[axis]));
            }
            bias.put(row, (float) (place[row * units.length + axes] * units[axes]));
        }
        return new LinearHead(weight, bias);
    }

    /** The place of such a head. */
    double[] place(LinearHead head) {
        int axes = units.length - 1;
        double[] place = origin();
        for (int row = 0; row < turned.classes(); row++) {
            for (int axis = 0; axis < axes; axis++) {
                place[row * units.length + axis] = head.weight().get(row * axes + axis) / units[axis];
            }
            place[row * units.length + axes] = head.bias().get(row) / units[axes];
        }
        return place;
    }

    @Override
    public void close() {
        features.close();
    }
}
