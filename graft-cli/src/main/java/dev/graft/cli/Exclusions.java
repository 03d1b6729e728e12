package dev.graft.cli;

import dev.graft.GraftException;
import dev.graft.heads.Head;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Options of a training that the user himself left without effect by others. What the pictures or the advice leave without
 * effect is noted in the plan.
 *
 * @param given whether the user gave an option
 */
record Exclusions(Predicate<String> given) {
    /**
     * Refuses them.
     *
     * @param head that was asked for, or null for the one that suits
     * @param foreign whether the backbone is of an ONNX file
     * @throws GraftException names both sides
     */
    void check(TuningOptions tuning, @Nullable Head head, boolean foreign) {
        if (given.test("--no-cache") && (given.test("--cache") || given.test("--cache-size"))) {
            throw new GraftException("--no-cache keeps nothing; leave --cache and --cache-size out, or --no-cache");
        }
        if (given.test("--test") && given.test("--test-split")) {
            throw new GraftException(
                    "--test-split: without effect with --test DIR, which is the test part; leave either out");
        }
        // Of a head that has nothing to train.
        String still = head == null || head.trains() ? null : "--head " + head.name();
        if (still != null && tuning.isAsked()) {
            throw new GraftException(still + " keeps examples and has nothing that gradients could move; leave"
                    + " --recipe, --fine-tune-epochs and --unfreeze out, or take another head");
        }
        String excluding = foreign
                ? "--backbone FILE.onnx"
                : still != null ? still : tuning.exclusion().orElse(null);
        List<String> idle = TuningOptions.DETAILS.stream().filter(given).toList();
        if (excluding != null && !idle.isEmpty()) {
            throw new GraftException(String.join(", ", idle) + ": without effect with " + excluding
                    + ", as no part of the backbone trains; leave either out");
        }
        tuning.check(given);
    }
}
