package dev.graft.report;

/** Probabilities from logits, in double and safe from overflow. */
public final class Softmax {
    private Softmax() {}

    public static double[] of(float[] logits) {
        return of(logits, 1);
    }

    /** Of logits that are divided by a temperature. */
    public static double[] of(float[] logits, double temperature) {
        float highest = logits[argmax(logits)];
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp((logits[i] - (double) highest) / temperature);
            sum += probabilities[i];
        }
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** The index of the highest number, the first of several. */
    public static int argmax(float[] numbers) {
        int best = 0;
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] > numbers[best]) {
                best = i;
            }
        }
        return best;
    }
}
