package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.model.Part;
import dev.graft.tensor.HostTensor;
import dev.graft.zoo.Backbone;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Stage;
import dev.graft.zoo.Zoo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained backbone with a new linear head: pixels 0..255 {@code [N, 3, S, S]} to logits {@code [N, classes]}. The
 * preprocessing that the weights need is its first layer; the backbone is called in inference mode, so its batch
 * statistics never move, also where it trains.
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

    static final String BACKBONE = "backbone";
    static final String HEAD = "head";

    /** Draws the network, loads the backbone's weights and freezes it; the head is fresh. */
    public static TransferNetwork of(TransferSettings.Base base, int classes, long seed) {
        return draw(base, classes, seed, true);
    }

    /** The same with fresh weights in the backbone too, so that its layers may be looked at where its weights are not. */
    public static TransferNetwork withFreshBackbone(TransferSettings.Base base, int classes) {
        return draw(base, classes, 0, false);
    }

    private static TransferNetwork draw(TransferSettings.Base base, int classes, long seed, boolean load) {
        if (base.onnx() != null) {
            return OnnxUse.network(base.onnx(), base.imageSize(), classes, seed);
        }
        Pretrained pretrained = Zoo.pretrained(base.model());
        InputGeometry geometry = geometry(pretrained, base.imageSize());
        Backbone backbone = pretrained.backbone(geometry.size());
        Node input = Node.input(3, geometry.size(), geometry.size());
        Node logits = input.then("preprocessing", pretrained.preprocessing())
                .then(BACKBONE, backbone.model().inInferenceMode())
                .then(HEAD, Dense.of(classes));
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        if (load) {
            pretrained
                    .load(backbone.model(), base.weights())
                    .forEach((name, weight) -> weights.put(BACKBONE + "." + name, weight));
        }
        Network network = Network.of(Model.of(pretrained.name(), input, logits), weights, seed);
        network.layer(BACKBONE).setTrainable(false);
        return new TransferNetwork(network, geometry, backbone.stages());
    }

    private static InputGeometry geometry(Pretrained pretrained, int imageSize) {
        if (imageSize == 0) {
            return pretrained.geometry();
        }
        try {
            return pretrained.geometry().withSize(imageSize);
        } catch (IllegalArgumentException e) {
            throw new GraftException("image-size: " + e.getMessage(), e);
        }
    }

    /**
     * Makes the backbone trainable from a place on, to the end.
     *
     * @param from a stage's name, how many layers with weights from the end, or {@code all}
     * @throws GraftException if there is no such stage; suggests the nearest and lists all
     */
    void unfreeze(String from) {
        part(from).setTrainable(true);
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
            return backbone.last(Integer.parseInt(from));
        }
        return backbone.from(stage(from).first());
    }

    private Stage stage(String name) {
        List<String> names = stages.stream().map(Stage::name).toList();
        return stages.stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GraftException("unfreeze: no stage '" + name + "' in "
                        + network.model().name() + "; there are "
                        + String.join(", ", names) + "; or give a number of layers from the end, or 'all'"
                        + Nearest.hint(name, names)));
    }
}
