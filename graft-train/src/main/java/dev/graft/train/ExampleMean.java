package dev.graft.train;

/** The mean of a number over the examples. */
final class ExampleMean implements Metric.Counter {
    private final Metric.OfExample number;
    private double sum;
    private long examples;

    ExampleMean(Metric.OfExample number) {
        this.number = number;
    }

    @Override
    public void add(Scored batch) {
        for (int example = 0; example < batch.examples(); example++) {
            sum += number.value(batch, example);
        }
        examples += batch.examples();
    }

    @Override
    public double value() {
        return examples == 0 ? 0 : sum / examples;
    }

    @Override
    public double[] state() {
        return new double[] {sum, examples};
    }

    @Override
    public void restore(double[] state) {
        if (state.length != 2) {
            throw CounterState.foreign(state);
        }
        sum = state[0];
        examples = (long) state[1];
    }

    static double binaryAccuracy(Scored batch, int example, double threshold) {
        int right = 0;
        for (int unit = 0; unit < batch.units(); unit++) {
            right += batch.score(example, unit) > threshold == batch.target(example, unit) > 0.5 ? 1 : 0;
        }
        return (double) right / batch.units();
    }

    /** Written so that a score that is no number is in no top. */
    static boolean inTop(Scored batch, int example, int k) {
        int label = batch.label(example);
        float score = batch.score(example, label);
        int above = 0;
        for (int unit = 0; unit < batch.units(); unit++) {
            float other = batch.score(example, unit);
            boolean below = unit < label ? score > other : score >= other;
            above += below ? 0 : 1;
        }
        return above < k;
    }

    static double absoluteError(Scored batch, int example) {
        double sum = 0;
        for (int unit = 0; unit < batch.units(); unit++) {
            sum += Math.abs((double) batch.score(example, unit) - batch.target(example, unit));
        }
        return sum / batch.units();
    }
}
