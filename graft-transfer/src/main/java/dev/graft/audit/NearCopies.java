package dev.graft.audit;

import dev.graft.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pictures that show nearly the same: copies that were resized, written again or made brighter. They are told by the cosine
 * of what a pretrained network makes of them.
 */
public final class NearCopies {
    /**
     * From this cosine on. On 800 photographs and 2,500 small pictures, features of MobileNetV3-Small of different pictures
     * reach 0.945 at most; those of a photograph's copies at three quarters of the size, at JPEG quality 60 or a fifth
     * darker are mostly 0.98 and more.
     */
    public static final double THRESHOLD = 0.95;

    private NearCopies() {}

    /** Two pictures by their indices, the smaller first, and how near they are. */
    public record Pair(int first, int second, double cosine) {}

    /**
     * Finds all pairs.
     *
     * @param features one row a picture
     * @return the nearest first
     */
    public static List<Pair> of(List<float[]> features, double threshold, Workers workers) {
        List<float[]> unit = features.stream().map(NearCopies::unit).toList();
        List<List<Pair>> found = new ArrayList<>();
        unit.forEach(row -> found.add(new ArrayList<>()));
        workers.forEach(unit.size(), first -> {
            for (int second = first + 1; second < unit.size(); second++) {
                double cosine = dot(unit.get(first), unit.get(second));
                if (cosine >= threshold) {
                    found.get(first).add(new Pair(first, second, Math.min(1, cosine)));
                }
            }
        });
        return found.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingDouble(Pair::cosine)
                        .reversed()
                        .thenComparingInt(Pair::first)
                        .thenComparingInt(Pair::second))
                .toList();
    }

    private static float[] unit(float[] row) {
        double length = Math.max(Math.sqrt(dot(row, row)), 1e-12);
        float[] unit = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            unit[i] = (float) (row[i] / length);
        }
        return unit;
    }

    /** In four sums, which do not wait for each other. */
    private static double dot(float[] a, float[] b) {
        float one = 0;
        float two = 0;
        float three = 0;
        float four = 0;
        int i = 0;
        for (; i + 4 <= a.length; i += 4) {
            one += a[i] * b[i];
            two += a[i + 1] * b[i + 1];
            three += a[i + 2] * b[i + 2];
            four += a[i + 3] * b[i + 3];
        }
        double sum = (double) one + two + three + four;
        for (; i < a.length; i++) {
            sum += a[i] * (double) b[i];
        }
        return sum;
    }
}
