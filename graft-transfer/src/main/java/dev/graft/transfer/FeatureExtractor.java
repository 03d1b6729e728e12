package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Layer;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.zoo.Backbone;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Stage;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained backbone as heads go on it: pixels 0..255 {@code [N, 3, S, S]} to features {@code [N, size]}. The
 * preprocessing that the weights need is its first layer.
 *
 * @param name of the networks that are drawn
 * @param input the pixels
 * @param prepared what the backbone takes
 * @param backbone to features, or to a feature map
 * @param pooling what makes features of its map
 * @param weights by full name
 * @param tunedFrom the stage from which to fine-tune where nothing else is asked for
 */
record FeatureExtractor(
        String name,
        Node input,
        Node prepared,
        Model backbone,
        Pooling pooling,
        Map<String, HostTensor> weights,
        InputGeometry geometry,
        List<Stage> stages,
        String tunedFrom,
        @Nullable OnnxUse onnx) {
    private static final int MAP_RANK = 4;
    private static final String BUNDLE = ".graft";

    /** Draws a backbone and loads its weights. */
    static FeatureExtractor of(TransferSettings.Base base, Pooling pooling) {
        return of(base, pooling, note -> {});
    }

    /**
     * The same.
     *
     * @param notes is told what a user should know of how a file of weights was read
     */
    static FeatureExtractor of(TransferSettings.Base base, Pooling pooling, Consumer<String> notes) {
        return base.onnx() == null
                ? ofZoo(base, pooling, notes)
                : OnnxUse.extractor(base.onnx(), base.imageSize(), pooling);
    }

    /** Without weights, so that the layers may be looked at where those are not. */
    static FeatureExtractor withoutWeights(TransferSettings.Base base) {
        return base.onnx() == null ? ofZoo(base, Pooling.FEATURES, null) : of(base, Pooling.FEATURES);
    }

    private static FeatureExtractor ofZoo(
            TransferSettings.Base base, Pooling pooling, @Nullable Consumer<String> notes) {
        Pretrained pretrained = Zoo.pretrained(base.model());
        InputGeometry geometry = pretrained.geometry(base.imageSize());
        Backbone backbone = pretrained.ofSize(base.imageSize());
        Model model = pooling.layer().isEmpty() ? backbone.model() : map(backbone);
        Node input = Node.input(3, geometry.size(), geometry.size());
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        if (notes != null) {
            weights(base, pretrained, model, notes)
                    .forEach((name, weight) -> weights.put(TransferNetwork.BACKBONE + "." + name, weight));
        }
        return new FeatureExtractor(
                pretrained.name(),
                input,
                input.then("preprocessing", pretrained.preprocessing()),
                model,
                pooling,
                weights,
                geometry,
                backbone.stages().stream()
                        .filter(stage -> model.nodes().stream().anyMatch(node -> stage.beginsWith(node.name())))
                        .toList(),
                backbone.tunedFrom(),
                null);
    }

    private static Model map(Backbone backbone) {
        Model map = backbone.withoutTop();
        if (map.outputs().get(0).shape().rank() != MAP_RANK) {
            throw new SettingException(
                    "pooling", backbone.model().name() + " gives tokens and no feature map; leave --pooling out");
        }
        return map;
    }

    private static Map<String, HostTensor> weights(
            TransferSettings.Base base, Pretrained pretrained, Model model, Consumer<String> notes) {
        PreviousModel old = base.continued();
        if (old != null) {
            return ofBundle(old.file(), old.bundle(), pretrained, model);
        }
        Path file = base.weights();
        return file != null && String.valueOf(file.getFileName()).endsWith(BUNDLE)
                ? ofBundle(file, Bundle.read(file), pretrained, model)
                : pretrained.load(model, file, null, notes);
    }

    /** The backbone of a classifier that Graft has trained. */
    private static Map<String, HostTensor> ofBundle(Path file, Bundle bundle, Pretrained pretrained, Model model) {
        Network trained = bundle.network();
        if (!trained.model().name().equals(pretrained.name())) {
            throw new GraftException(file + ": is a " + trained.model().name() + ", expected " + pretrained.name()
                    + "; name it with --model");
        }
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        for (Map.Entry<String, Shape> needed : Program.of(model).weightShapes().entrySet()) {
            HostTensor weight = trained.weights().get(TransferNetwork.BACKBONE + "." + needed.getKey());
            if (weight == null) {
                throw new GraftException(file + ": its backbone ends at the feature map and has no '" + needed.getKey()
                        + "', as it was trained with another --pooling; take --pooling average, max or flatten");
            }
            if (!weight.shape().equals(needed.getValue())) {
                throw new GraftException(file + ": its '" + needed.getKey() + "' is " + weight.shape() + ", expected "
                        + needed.getValue() + "; was it trained at another --image-size?");
            }
            weights.put(needed.getKey(), weight);
        }
        return weights;
    }

    /** Pixels to features, all frozen. */
    Network network() {
        Network network = Network.of(Model.of(name, input, features(false)), weights, 0);
        network.setTrainable(false);
        return network;
    }

    /** The stage from which on its last ones train; pooling may leave out those that the backbone is usually tuned from. */
    String lastStages() {
        boolean there = stages.isEmpty()
                || stages.stream().anyMatch(stage -> stage.name().equals(tunedFrom));
        return there ? tunedFrom : stages.get(stages.size() - 1).name();
    }

    /** How many features a picture has. */
    int size() {
        return features(false).shape().size(1);
    }

    /** A head on it; the backbone is frozen. */
    TransferNetwork withHead(Layer head, long seed) {
        return withHead(head, weights, false, seed);
    }

    /**
     * A head on it.
     *
     * @param known weights by full name; others are fresh
     * @param moving whether batch normalisation that trains moves its statistics
     */
    TransferNetwork withHead(Layer head, Map<String, HostTensor> known, boolean moving, long seed) {
        Node logits = features(moving).then(TransferNetwork.HEAD, head);
        Network network = Network.of(Model.of(name, input, logits), known, seed);
        network.layer(TransferNetwork.BACKBONE).setTrainable(false);
        return new TransferNetwork(network, geometry, stages, onnx);
    }

    private Node features(boolean moving) {
        Node map = prepared.then(TransferNetwork.BACKBONE, moving ? backbone : backbone.inInferenceMode());
        return pooling.layer().map(layer -> map.then("pooling", layer)).orElse(map);
    }
}
