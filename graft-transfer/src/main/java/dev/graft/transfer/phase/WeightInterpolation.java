package dev.graft.transfer.phase;

import dev.graft.report.Softmax;
import dev.graft.report.Temperature;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which weights are kept after fine-tuning: those of the head phase, the fine-tuned ones or a mixture (Wortsman et al.
 * 2022, "Robust fine-tuning of zero-shot models"), by their cross-entropy on the validation pictures, each at its own
 * temperature. The weights of the head phase are the simpler ones: they stay unless the gain is larger than its standard
 * error, picture by picture.
 *
 * @param candidates what was compared, from the head phase's weights on
 * @param kept the share of the fine-tuned weights in what is kept
 * @param gain by how much the best mixture's cross-entropy is lower than that of the head phase's weights
 * @param error the standard error of the gain
 */
public record WeightInterpolation(List<Candidate> candidates, double kept, double gain, double error) {
    private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1};

    /**
     * One mixture on the validation pictures.
     *
     * @param share of the fine-tuned weights
     * @param loss cross-entropy at its own temperature
     */
    public record Candidate(double share, double loss, double accuracy) {}

    public WeightInterpolation {
        candidates = List.copyOf(candidates);
    }

    /**
     * Compares.
     *
     * @param simple the weights of the head phase
     * @param tuned the fine-tuned ones
     * @param logits of the validation pictures for some weights
     * @param labels of the validation pictures
     */
    public static WeightInterpolation of(
            Map<String, HostTensor> simple,
            Map<String, HostTensor> tuned,
            Function<Map<String, HostTensor>, List<float[]>> logits,
            int[] labels) {
        List<Candidate> candidates = new ArrayList<>();
        List<double[]> losses = new ArrayList<>();
        for (double share : SHARES) {
            List<float[]> rows = logits.apply(mix(simple, tuned, share));
            double[] each = Temperature.losses(rows, labels, Temperature.fit(rows, labels));
            long right = IntStream.range(0, labels.length)
                    .filter(i -> Softmax.argmax(rows.get(i)) == labels[i])
                    .count();
            candidates.add(new Candidate(share, mean(each), (double) right / labels.length));
            losses.add(each);
        }
        int best = IntStream.range(1, SHARES.length)
                .boxed()
                .min(Comparator.comparingDouble(i -> candidates.get(i).loss()))
                .orElseThrow();
        double[] gains = IntStream.range(0, labels.length)
                .mapToDouble(i -> losses.get(0)[i] - losses.get(best)[i])
                .toArray();
        double gain = mean(gains);
        double error = error(gains, gain);
        return new WeightInterpolation(candidates, gain > error ? SHARES[best] : 0, gain, error);
    }

    /** How many mixtures are compared. */
    public static int mixtures() {
        return SHARES.length;
    }

    /** Whether the weights of the head phase are kept. */
    public boolean isSimple() {
        return kept == 0;
    }

    /** The weights that are kept. */
    public Map<String, HostTensor> weights(Map<String, HostTensor> simple, Map<String, HostTensor> tuned) {
        return mix(simple, tuned, kept);
    }

    private static double mean(double[] numbers) {
        return java.util.Arrays.stream(numbers).average().orElse(0);
    }

    private static double error(double[] numbers, double mean) {
        double square = 0;
        for (double number : numbers) {
            square += (number - mean) * (number - mean);
        }
        int free = Math.max(1, numbers.length - 1);
        return Math.sqrt(square / free / Math.max(1, numbers.length));
    }

    /** {@code (1 - share) · simple + share · tuned}. */
    private static Map<String, HostTensor> mix(
            Map<String, HostTensor> simple, Map<String, HostTensor> tuned, double share) {
        Map<String, HostTensor> mixed = new LinkedHashMap<>();
        tuned.forEach((name, end) -> {
            HostTensor start = simple.getOrDefault(name, end);
            mixed.put(name, share == 1 ? end : share == 0 || start == end ? start : between(start, end, share));
        });
        return mixed;
    }

    private static HostTensor between(HostTensor start, HostTensor end, double share) {
        HostTensor mixed = HostTensor.allocate(end.shape());
        for (int i = 0; i < mixed.elements(); i++) {
            mixed.put(i, (float) ((1 - share) * start.get(i) + share * end.get(i)));
        }
        return mixed;
    }
}
