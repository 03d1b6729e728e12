package dev.graft.heads;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;

/**
 * The class whose mean is nearest: for very few pictures (Snell et al. 2017, "Prototypical Networks", without their
 * training). Squared distances differ by a linear function of the features, so it is a {@link LinearHead}; they are divided
 * by twice the variance within classes, which makes the logits those of equally wide normal distributions.
 */
public final class NearestMean {
    private NearestMean() {}

    /**
     * Fits the head.
     *
     * @throws GraftException if a class has no example
     */
    public static LinearHead fit(FeatureTable table) {
        int width = table.width();
        double[] means = means(table);
        double within = 0;
        for (int i = 0; i < table.features().elements(); i++) {
            double apart = table.features().get(i) - means[table.label(i / width) * width + i % width];
            within += apart * apart;
        }
        // One example a class varies in nothing; then the squared length of the features is the measure.
        int free = Math.max(1, table.size() - table.classes());
        double variance = within > 0 ? within / free / width : square(means) / table.classes() / width;
        double share = 1 / Math.max(variance, Float.MIN_NORMAL);
        HostTensor weight = HostTensor.allocate(Shape.of(table.classes(), width));
        HostTensor bias = HostTensor.allocate(Shape.of(table.classes()));
        for (int label = 0; label < table.classes(); label++) {
            double square = 0;
            for (int i = label * width; i < (label + 1) * width; i++) {
                weight.put(i, (float) (means[i] * share));
                square += means[i] * means[i];
            }
            bias.put(label, (float) (-square / 2 * share));
        }
        return new LinearHead(weight, bias);
    }

    private static double[] means(FeatureTable table) {
        int width = table.width();
        int[] counts = table.countPerClass();
        double[] means = new double[table.classes() * width];
        for (int i = 0; i < table.features().elements(); i++) {
            means[table.label(i / width) * width + i % width] +=
                    table.features().get(i);
        }
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw new GraftException("class " + label + " has no training picture, so it has no mean");
            }
            for (int i = label * width; i < (label + 1) * width; i++) {
                means[i] /= counts[label];
            }
        }
        return means;
    }

    private static double square(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number * number;
        }
        return sum;
    }
}
