package dev.graft.zoo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.GraftException;
import dev.graft.SettingName;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A backbone with the classifier that its publisher trained with it, as a bundle: to be exported without any training. */
public final class PublishedClassifier {
    private static final int CLASSES = 1000;

    private PublishedClassifier() {}

    /**
     * Loads it.
     *
     * @param weights the user's own file for this architecture with a classifier of 1000 classes, or null for the packed
     *     or pulled one
     * @param imageSize the input's side in pixels; 0 for the one it was trained at
     * @param notes is told a line of each thing that a user should know of how the file was read
     * @throws GraftException if the weights are not here, have no such classifier, or the size is too small
     */
    public static Bundle of(Pretrained pretrained, @Nullable Path weights, int imageSize, Consumer<String> notes) {
        List<String> classes = pretrained.classes();
        if (classes.isEmpty()) {
            if (weights == null) {
                throw new GraftException(pretrained.name() + ": its weights have no classifier of known classes; train"
                        + " one with 'graft train' and export that, or give weights that have with "
                        + SettingName.of("weights") + " FILE");
            }
            classes = IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList();
        }
        InputGeometry geometry = pretrained.geometry(imageSize);
        Backbone backbone = pretrained.ofSize(imageSize);
        Node input = Node.input(3, geometry.size(), geometry.size());
        Node logits = input.then("preprocessing", pretrained.preprocessing())
                .then(Bundle.BACKBONE, backbone.model().inInferenceMode())
                .then(Bundle.HEAD, Dense.of(classes.size()));
        Map<String, HostTensor> named = new LinkedHashMap<>();
        String classifier = backbone.classifier() + ".";
        pretrained
                .load(backbone.withTop(classes.size()), weights, null, notes)
                .forEach((name, weight) -> named.put(
                        name.startsWith(classifier)
                                ? Bundle.HEAD + "." + name.substring(classifier.length())
                                : Bundle.BACKBONE + "." + name,
                        weight));
        Network network = Network.of(Model.of(pretrained.name(), input, logits), named, 0);
        return Bundle.of(classes, geometry, network, JsonNodeFactory.instance.objectNode());
    }
}
