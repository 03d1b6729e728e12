package dev.graft.train;

/**
 * Up to the optimizer's rate and far below where it began, both along half a cosine (Smith and Topin 2019): torch's {@code
 * OneCycleLR} with its two phases. The optimizer's rate is the highest; momentum stays what it is.
 *
 * @param div what the rate is divided by in the first step, 25 for torch
 * @param finalDiv what that first rate is divided by in the last step, 10,000 for torch
 * @param upShare the share of all steps that go up, 0.3 for torch
 */
public record OneCycle(double div, double finalDiv, double upShare) implements Schedule {
    public OneCycle {
        if (!(div >= 1 && div < Double.POSITIVE_INFINITY && finalDiv >= 1 && finalDiv < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "one cycle divides by finite numbers of at least 1, got " + div + " and " + finalDiv);
        }
        if (!(upShare > 0 && upShare < 1)) {
            throw new IllegalArgumentException("one cycle goes up for a share between 0 and 1, got " + upShare);
        }
    }

    public OneCycle div(double other) {
        return new OneCycle(other, finalDiv, upShare);
    }

    public OneCycle finalDiv(double other) {
        return new OneCycle(div, other, upShare);
    }

    public OneCycle upShare(double share) {
        return new OneCycle(div, finalDiv, share);
    }

    @Override
    public double factor(long step, int stepsPerEpoch, int epochs) {
        double steps = (double) stepsPerEpoch * epochs;
        double peak = upShare * steps - 1;
        if (step < peak) {
            return cosine(1 / div, 1, step / peak);
        }
        // With so few steps that none goes up, torch counts the way down from before the first.
        double down = Math.min(1, (step - peak) / (steps - 1 - peak));
        return cosine(1, 1 / div / finalDiv, down);
    }

    private static double cosine(double from, double to, double share) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }
}
