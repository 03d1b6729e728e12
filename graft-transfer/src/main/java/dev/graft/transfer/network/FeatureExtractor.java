package dev.graft.transfer.network;

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
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.BackboneSource.OnnxFile;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Pooling;
import dev.graft.transfer.config.PreviousModel;
import dev.graft.transfer.config.TransferSettings;
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
public record FeatureExtractor(
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
    /** A backbone is the same whatever pictures are shown to it. */
    private static final Path NOWHERE = Path.of("");

    /**
     * Draws the backbone that is asked for and loads its weights.
     *
     * @param notes is told what a user should know of how a file of weights was read
     * @throws GraftException if there is no such backbone, or its weights cannot be had
     */
    public static FeatureExtractor of(TransferSettings settings, Consumer<String> notes) {
        Integer size = settings.orNull(BackboneSettings.IMAGE_SIZE);
        Pooling pooling = settings.get(HeadSettings.POOLING);
        BackboneSource source = settings.get(BackboneSettings.BACKBONE);
        return source instanceof OnnxFile file
                ? OnnxUse.extractor(file, size, pooling)
                : ofZoo(source, size, pooling, notes);
    }

    /** The same at the backbone's own size, and with its own features. */
    public static FeatureExtractor of(BackboneSource source) {
        return of(TransferSettings.of(NOWHERE).with(BackboneSettings.BACKBONE, source), note -> {});
    }

    /** The same for pictures of another size. */
    public static FeatureExtractor of(BackboneSource source, int imageSize) {
        return of(
                TransferSettings.of(NOWHERE)
                        .with(BackboneSettings.BACKBONE, source)
                        .with(BackboneSettings.IMAGE_SIZE, imageSize),
                note -> {});
    }

    /** Without weights, so that the layers may be looked at where those are not. */
    public static FeatureExtractor withoutWeights(BackboneSource source, @Nullable Integer imageSize) {
        return source instanceof OnnxFile file
                ? OnnxUse.extractor(file, imageSize, Pooling.FEATURES)
                : ofZoo(source, imageSize, Pooling.FEATURES, null);
    }

    private static FeatureExtractor ofZoo(
            BackboneSource source, @Nullable Integer imageSize, Pooling pooling, @Nullable Consumer<String> notes) {
        Pretrained pretrained = Zoo.pretrained(source.toString());
        int size = imageSize == null ? 0 : imageSize;
        InputGeometry geometry = pretrained.geometry(size);
        Backbone backbone = pretrained.ofSize(size);
        Model model = pooling.layer().isEmpty() ? backbone.model() : map(backbone);
        Node input = Node.input(3, geometry.size(), geometry.size());
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        if (notes != null) {
            weights(source, pretrained, model, notes)
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
                    "pooling",
                    backbone.model().name() + " gives tokens and no feature map; leave " + HeadSettings.POOLING.named()
                            + " out");
        }
        return map;
    }

    private static Map<String, HostTensor> weights(
            BackboneSource source, Pretrained pretrained, Model model, Consumer<String> notes) {
        if (source instanceof PreviousModel old) {
            return ofBundle(old.file(), old.bundle(), pretrained, model);
        }
        Path file = source instanceof BackboneSource.OfZoo ofZoo ? ofZoo.weights() : null;
        return file != null && String.valueOf(file.getFileName()).endsWith(BUNDLE)
                ? ofBundle(file, Bundle.read(file), pretrained, model)
                : pretrained.load(model, file, null, notes);
    }

    /** The backbone of a classifier that Graft has trained. */
    private static Map<String, HostTensor> ofBundle(Path file, Bundle bundle, Pretrained pretrained, Model model) {
        Network trained = bundle.network();
        if (!trained.model().name().equals(pretrained.name())) {
            throw new GraftException(file + ": is a " + trained.model().name() + ", expected " + pretrained.name()
                    + "; name it with " + BackboneSettings.BACKBONE.named());
        }
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        for (Map.Entry<String, Shape> needed : Program.of(model).weightShapes().entrySet()) {
            HostTensor weight = trained.weights().get(TransferNetwork.BACKBONE + "." + needed.getKey());
            if (weight == null) {
                throw new GraftException(file + ": its backbone ends at the feature map and has no '" + needed.getKey()
                        + "', as it was trained with another " + HeadSettings.POOLING.named()
                        + "; take average, max or flatten");
            }
            if (!weight.shape().equals(needed.getValue())) {
                throw new GraftException(file + ": its '" + needed.getKey() + "' is " + weight.shape() + ", expected "
                        + needed.getValue() + "; was it trained at another " + BackboneSettings.IMAGE_SIZE.named()
                        + "?");
            }
            weights.put(needed.getKey(), weight);
        }
        return weights;
    }

    /** Pixels to features, all frozen. */
    public Network network() {
        Network network = Network.of(Model.of(name, input, features(false)), weights, 0);
        network.setTrainable(false);
        return network;
    }

    /** The stage from which on its last ones train; pooling may leave out those that the backbone is usually tuned from. */
    public String lastStages() {
        boolean there = stages.isEmpty()
                || stages.stream().anyMatch(stage -> stage.name().equals(tunedFrom));
        return there ? tunedFrom : stages.get(stages.size() - 1).name();
    }

    /** How many features a picture has. */
    public int size() {
        return features(false).shape().size(1);
    }

    /** A head on it; the backbone is frozen. */
    public TransferNetwork withHead(Layer head, long seed) {
        return withHead(head, weights, false, seed);
    }

    /**
     * A head on it.
     *
     * @param known weights by full name; others are fresh
     * @param moving whether batch normalisation that trains moves its statistics
     */
    public TransferNetwork withHead(Layer head, Map<String, HostTensor> known, boolean moving, long seed) {
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
