package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.SettingException;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Dense;
import dev.graft.model.Network;
import dev.graft.model.Part;
import dev.graft.zoo.Stage;
import java.util.List;
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

    static final String BACKBONE = Bundle.BACKBONE;
    static final String HEAD = Bundle.HEAD;

    /** Draws the network with a linear head, loads the backbone's weights and freezes it; the head is fresh. */
    public static TransferNetwork of(TransferSettings.Base base, int classes, long seed) {
        return FeatureExtractor.of(base, Pooling.FEATURES).withHead(Dense.of(classes), seed);
    }

    /** The same with fresh weights in the backbone too, so that its layers may be looked at where its weights are not. */
    public static TransferNetwork withFreshBackbone(TransferSettings.Base base, int classes) {
        return FeatureExtractor.withoutWeights(base).withHead(Dense.of(classes), 0);
    }

    /**
     * Makes the backbone trainable from a place on, to the end; what is before it is frozen, as it was.
     *
     * @param from a stage's name, how many layers with weights from the end, or {@code all}
     * @throws GraftException if there is no such stage; suggests the nearest and lists all
     */
    void unfreeze(String from, BatchNormPolicy batchNorm) {
        Part part = part(from);
        part.setTrainable(true);
        if (batchNorm == BatchNormPolicy.FROZEN) {
            part.ofType(BatchNormalization.class).ifPresent(norms -> norms.setTrainable(false));
        }
    }

    private Part part(String from) {
        if (onnx != null) {
            throw new GraftException("fine-tuning: the network of an ONNX file runs in ONNX Runtime, which computes no"
                    + " gradients, so it stays frozen; leave --fine-tune-epochs and --unfreeze out");
        }
        Part backbone = network.layer(BACKBONE);
        if (from.equals("all")) {
            return backbone;
        }
        if (from.matches("\\d{1,6}")) {
            return last(backbone, Integer.parseInt(from));
        }
        return backbone.from(stages.get(indexOf(from)).first());
    }

    private static Part last(Part backbone, int layers) {
        try {
            return backbone.last(layers);
        } catch (GraftException e) {
            throw new SettingException("unfreeze", String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Which stage has that name.
     *
     * @throws GraftException if none has; suggests the nearest and lists all
     */
    int indexOf(String stage) {
        List<String> names = stages.stream().map(Stage::name).toList();
        int index = names.indexOf(stage);
        if (index < 0) {
            throw new SettingException(
                    "unfreeze",
                    "no stage '" + stage + "' in "
                            + network.model().name() + "; there are "
                            + String.join(", ", names) + "; or give a number of layers from the end, or 'all'"
                            + Nearest.hint(stage, names));
        }
        return index;
    }

    /** Where each stage of the backbone begins, then the head: the groups of a layer decay. */
    List<String> stagesWithHead() {
        return Stream.concat(stages.stream().map(stage -> BACKBONE + "." + stage.first()), Stream.of(HEAD))
                .toList();
    }
}
