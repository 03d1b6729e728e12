package dev.graft.transfer.plan;

import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.Recipe;
import java.util.List;

/**
 * Which strategy suits a set of pictures, and why.
 *
 * @param pictures how many there are to learn from and to validate on
 * @param depths how well a linear classifier does on the backbone's values at several depths, from the input on; the last
 *     are the features. Empty where nothing but the head is to be trained anyway, or there are too few pictures; the features
 *     alone where the strategy is given
 * @param recipe the strategy
 * @param unfreeze from which stage on the backbone should train; the last ones where the recipe is the head alone
 * @param learningRate the highest that suits fine-tuning
 * @param reasons for the strategy, then for the stage
 */
public record Advice(
        int pictures, List<Depth> depths, Recipe recipe, Place unfreeze, double learningRate, List<String> reasons) {
    /**
     * A linear classifier after a stage, cross-validated on training pictures.
     *
     * @param stage the last stage before it, or {@code features} for what the head takes
     * @param accuracy the share of held-out pictures that it gets right
     * @param error the standard error of that
     */
    public record Depth(String stage, double accuracy, double error) {}

    public Advice {
        depths = List.copyOf(depths);
        reasons = List.copyOf(reasons);
    }
}
