package dev.graft.zoo;

import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.List;

/**
 * An architecture without the layer that belongs to its old classes.
 *
 * @param model normalised pictures {@code [N, 3, S, S]} to features {@code [N, units]}, with the reference's names
 * @param stages the names from which one may unfreeze, from the input on; each covers the layers below that name
 * @param classifier the reference's name of the layer that was left out, for its weights in files
 */
public record Backbone(Model model, List<String> stages, String classifier) {
    public Backbone {
        stages = List.copyOf(stages);
    }

    /** The whole network as its publishers trained it, with a linear classifier over {@code classes}. */
    public Model withTop(int classes) {
        Node features = model.outputs().get(0);
        return Model.of(model.name(), model.inputs().get(0), features.then(classifier, Dense.of(classes)));
    }
}
