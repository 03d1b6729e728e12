package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.layers.Dense;
import dev.graft.layers.Dropout;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Part;
import java.util.List;

/**
 * An architecture that can be had up to three places. All three models have the same layers up to where they end, with
 * the same names, so that weights fit each of them ({@link Pretrained#load}).
 *
 * <pre>
 * pictures ─────▶ feature map ─────▶ features ─────▶ logits
 * [N, 3, S, S]    [N, C, h, w]       [N, units]      [N, classes]
 *                 withoutTop()       model()         withTop(classes)
 * </pre>
 *
 * @param model normalised pictures to features, with the reference's names: what a new linear head goes on. The map is
 *     pooled, and what stands between pooling and classifier (VGG's two dense layers) is part of it
 * @param featureMap the layer of the model that gives the last feature map, or the tokens of a transformer
 * @param stages from which one may unfreeze, from the input on; the first begins at the first layer with weights
 * @param tunedFrom the stage from which to fine-tune where nothing else is asked for: its last blocks
 * @param dropout the share of the features that the classifier drops in training, 0 for none
 * @param classifier the reference's name of the layer that belongs to the old classes, for its weights in files
 * @param fileNames where the names in the publisher's file are others
 */
public record Backbone(
        Model model,
        String featureMap,
        List<Stage> stages,
        String tunedFrom,
        double dropout,
        String classifier,
        FileNames fileNames) {
    public Backbone {
        stages = List.copyOf(stages);
    }

    /** Fine-tuned from its last stage, without dropout before the classifier. */
    static Backbone of(Model model, Node featureMap, List<Stage> stages, String classifier) {
        String last = stages.get(stages.size() - 1).name();
        return new Backbone(model, featureMap.name(), stages, last, 0, classifier, FileNames.same());
    }

    Backbone tunedFrom(String stage) {
        return new Backbone(model, featureMap, stages, stage, dropout, classifier, fileNames);
    }

    Backbone withDropout(double rate) {
        return new Backbone(model, featureMap, stages, tunedFrom, rate, classifier, fileNames);
    }

    Backbone withFileNames(FileNames names) {
        return new Backbone(model, featureMap, stages, tunedFrom, dropout, classifier, names);
    }

    /**
     * The layers of one stage, where this backbone is a part of a network: {@code stage("layer4",
     * network.layer("resnet18"))}. With {@link Part#from} and the stage's first layer it is all from there on.
     *
     * @throws GraftException if there is no such stage; suggests the nearest
     */
    public Part stage(String name, Part backbone) {
        List<String> names = stages.stream().map(Stage::name).toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new GraftException(model.name() + " has no stage '" + name + "'; there are "
                    + String.join(", ", names) + Nearest.hint(name, names));
        }
        Part from = backbone.from(stages.get(index).first());
        return index + 1 < stages.size() ? from.before(stages.get(index + 1).first()) : from;
    }

    /**
     * Pictures to the last feature map, {@code [N, C, h, w]}, of a transformer to its tokens, {@code [N, 1 + h·w, C]}: what
     * Keras calls {@code include_top=False}.
     */
    public Model withoutTop() {
        return Model.of(model.name(), model.inputs().get(0), model.layer(featureMap));
    }

    /** The whole network as its publishers trained it, to logits over {@code classes}. */
    public Model withTop(int classes) {
        Node features = model.outputs().get(0);
        Node kept = dropout > 0 ? features.then("dropout", Dropout.of(dropout)) : features;
        return Model.of(model.name(), model.inputs().get(0), kept.then(classifier, Dense.of(classes)));
    }
}
