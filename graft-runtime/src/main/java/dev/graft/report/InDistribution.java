package dev.graft.report;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How much a picture is like those that were learnt from: the largest cosine between its features, the values that the
 * head takes, and those of training pictures (Sun et al. 2022, Out-of-Distribution Detection with Deep Nearest
 * Neighbors). A picture below the threshold is like none of the classes.
 *
 * @param examples features of training pictures, each of length 1, {@code [M, D]}
 * @param threshold from -1 to 1
 */
public record InDistribution(HostTensor examples, double threshold) {
    /** How many training pictures are kept, at most. */
    public static final int EXAMPLES = 512;

    /** Validation pictures below which no threshold is set: the share that it rejects could not be told. */
    public static final int LEAST_VALIDATION = 20;

    /** The share of validation pictures that are rejected, at most. */
    static final double REJECTED = 0.02;

    public InDistribution {
        if (examples.shape().rank() != 2 || examples.elements() == 0) {
            throw new IllegalArgumentException("expected examples [M, D], got " + examples.shape());
        }
        if (!(threshold >= -1 && threshold <= 1)) {
            throw new IllegalArgumentException("a threshold is a cosine from -1 to 1, got " + threshold);
        }
    }

    /**
     * Sets the threshold so that it rejects a fiftieth of the validation pictures, at most.
     *
     * @param training features of pictures that were learnt from, of which the first {@link #EXAMPLES} are kept
     * @param validation features of others
     * @return empty with fewer validation pictures than {@link #LEAST_VALIDATION}
     */
    public static Optional<InDistribution> of(List<float[]> training, List<float[]> validation) {
        if (validation.size() < LEAST_VALIDATION || training.isEmpty()) {
            return Optional.empty();
        }
        List<float[]> kept = training.subList(0, Math.min(EXAMPLES, training.size()));
        int width = kept.get(0).length;
        HostTensor examples = HostTensor.allocate(Shape.of(kept.size(), width));
        for (int row = 0; row < kept.size(); row++) {
            double length = length(kept.get(row));
            for (int i = 0; i < width; i++) {
                examples.put(row * width + i, (float) (kept.get(row)[i] / length));
            }
        }
        InDistribution open = new InDistribution(examples, -1);
        double[] scores = validation.stream().mapToDouble(open::score).sorted().toArray();
        double threshold = scores[(int) (REJECTED * scores.length)];
        return Double.isFinite(threshold)
                ? Optional.of(new InDistribution(examples, Math.max(-1, Math.min(1, threshold))))
                : Optional.empty();
    }

    /** The largest cosine with an example; features that are no numbers are like nothing. */
    public double score(float[] features) {
        int width = examples.shape().size(1);
        if (features.length != width) {
            throw new IllegalArgumentException("expected " + width + " features, got " + features.length);
        }
        double best = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < examples.shape().size(0); row++) {
            double product = 0;
            for (int i = 0; i < width; i++) {
                product += features[i] * (double) examples.get(row * width + i);
            }
            best = Math.max(best, product);
        }
        return Math.max(-1, Math.min(1, best / length(features)));
    }

    /** Whether a picture of this score is like none of the classes. */
    public boolean rejects(double score) {
        return !(score >= threshold);
    }

    private static double length(float[] features) {
        double sum = 0;
        for (float feature : features) {
            sum += feature * (double) feature;
        }
        return Math.max(Math.sqrt(sum), 1e-12);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InDistribution that
                && threshold == that.threshold
                && Arrays.equals(examples.toArray(), that.examples.toArray());
    }

    @Override
    public int hashCode() {
        return Double.hashCode(threshold);
    }
}
