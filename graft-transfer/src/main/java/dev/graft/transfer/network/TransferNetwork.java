package dev.graft.transfer.network;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.SettingException;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Dense;
import dev.graft.model.Network;
import dev.graft.model.Part;
import dev.graft.tensor.HostTensor;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.Place;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.zoo.Stage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained backbone with a head: pixels 0..255 {@code [N, 3, S, S]} to logits {@code [N, classes]}. The preprocessing
 * that the weights need is its first layer; the backbone is called in inference mode, so that its batch statistics never
 * move, also where it trains, unless {@link BatchNormPolicy#MOVING} is asked for.
 *
 * @param geometry how a picture becomes the input
 * @param stages from which stages one may unfreeze, in order; none of a network from an ONNX file
 * @param onnx how a network from an ONNX file is used, else null
 */
public record TransferNetwork(
        Network network,
        InputGeometry geometry,
        List<Stage> stages,
        @Nullable OnnxUse onnx) {
    /** Of a backbone of the zoo. */
    public TransferNetwork(Network network, InputGeometry geometry, List<Stage> stages) {
        this(network, geometry, stages, null);
    }

    public static final String BACKBONE = Bundle.BACKBONE;
    public static final String HEAD = Bundle.HEAD;

    /** The backbone with a linear head; its weights are loaded and frozen, the head is fresh. */
    public static TransferNetwork of(BackboneSource source, int classes, long seed) {
        return FeatureExtractor.of(source).withHead(Dense.of(classes), seed);
    }

    /** The same for pictures of another size. */
    public static TransferNetwork of(BackboneSource source, int imageSize, int classes, long seed) {
        return FeatureExtractor.of(source, imageSize).withHead(Dense.of(classes), seed);
    }

    /** The same with fresh weights in the backbone too, so that its layers may be looked at where its weights are not. */
    public static TransferNetwork withFreshBackbone(BackboneSource source, @Nullable Integer imageSize, int classes) {
        return FeatureExtractor.withoutWeights(source, imageSize).withHead(Dense.of(classes), 0);
    }

    /** With other weights; those that are not named stay. */
    public TransferNetwork withWeights(Map<String, HostTensor> weights) {
        Network copy = network.copy();
        copy.setWeights(weights);
        return new TransferNetwork(copy, geometry, stages, onnx);
    }

    /** In which these weights train and no other. */
    public TransferNetwork training(Set<String> weights) {
        return new TransferNetwork(network.training(weights), geometry, stages, onnx);
    }

    /** The names of the head's weights that train. */
    public Set<String> headWeights() {
        return Set.copyOf(network.layer(HEAD).trainableWeights());
    }

    /**
     * The names of the weights that train where the backbone does from a place on, to the end, with the head.
     *
     * @throws GraftException if there is no such stage; suggests the nearest and lists all
     */
    public Set<String> unfrozen(Place from, BatchNormPolicy batchNorm) {
        Network copy = network.copy();
        copy.setTrainable(false);
        copy.layer(HEAD).setTrainable(true);
        Part part = part(copy, from);
        part.setTrainable(true);
        if (batchNorm == BatchNormPolicy.FROZEN) {
            part.ofType(BatchNormalization.class).ifPresent(norms -> norms.setTrainable(false));
        }
        return copy.trainableWeights();
    }

    private Part part(Network of, Place from) {
        if (onnx != null) {
            throw new GraftException("fine-tuning: the network of an ONNX file runs in ONNX Runtime, which computes no"
                    + " gradients, so it stays frozen; leave " + TuningSettings.EPOCHS.named() + " and "
                    + TuningSettings.UNFREEZE.named() + " out");
        }
        Part backbone = of.layer(BACKBONE);
        if (from instanceof Place.LastLayers last) {
            return last(backbone, last.count());
        }
        return from instanceof Place.Stage stage
                ? backbone.from(stages.get(indexOf(stage.name())).first())
                : backbone;
    }

    private static Part last(Part backbone, int layers) {
        try {
            return backbone.last(layers);
        } catch (GraftException e) {
            throw new SettingException(TuningSettings.UNFREEZE.key(), String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Which stage has that name.
     *
     * @throws GraftException if none has; suggests the nearest and lists all
     */
    public int indexOf(String stage) {
        List<String> names = stages.stream().map(Stage::name).toList();
        int index = names.indexOf(stage);
        if (index < 0) {
            throw new SettingException(
                    TuningSettings.UNFREEZE.key(),
                    "no stage '" + stage + "' in "
                            + network.model().name() + "; there are "
                            + String.join(", ", names) + "; or give a number of layers from the end, or 'all'"
                            + Nearest.hint(stage, names));
        }
        return index;
    }

    /** Where each stage of the backbone begins, then the head: the groups of a layer decay. */
    public List<String> stagesWithHead() {
        return Stream.concat(stages.stream().map(stage -> BACKBONE + "." + stage.first()), Stream.of(HEAD))
                .toList();
    }
}
