package dev.graft.export;

import dev.graft.WholeFile;
import dev.graft.bundle.Bundle;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.Safetensors;
import dev.graft.zoo.Backbone;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bundle's weights as the reference implementation of its backbone names them, the new head in the place of the old
 * classifier: for torchvision's networks a state dict that {@code load_state_dict} takes, strictly, into a network of as
 * many classes. ({@code num_batches_tracked}, which counts and is no weight, is left out; torch sets it.)
 *
 * <p>The file holds F32 tensors, and as metadata the bundle's {@code labels}, {@code geometry}, {@code graft_version} and
 * {@code test_logits}, as in {@link BundleExport}. Preprocessing is not a weight: {@code mean} and {@code std}, of pixels
 * 0..1, are in the metadata. A network that is not a backbone of Graft's with a linear head keeps its own names, and has
 * neither of the two.
 *
 * @param tensors by name
 * @param backbone whose names they are, empty where they are the network's own
 * @param foreign whether a part of the network came from an ONNX file, whose nodes, and constants that are no weights,
 *     are not among the tensors
 */
public record TorchWeights(
        Map<String, HostTensor> tensors, Map<String, String> metadata, Optional<String> backbone, boolean foreign) {
    /** As {@code graft train} calls the parts of its networks. */
    private static final String BACKBONE = Bundle.BACKBONE + ".";

    private static final String HEAD = Bundle.HEAD + ".";

    public TorchWeights {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Map.copyOf(metadata);
    }

    /** Names the weights. */
    public static TorchWeights of(Bundle bundle) {
        Map<String, HostTensor> own = bundle.network().weights();
        Map<String, String> metadata = new TreeMap<>(BundleExport.metadata(bundle));
        metadata.put("format", "pt");
        for (Pretrained pretrained : Zoo.all()) {
            if (pretrained.name().equals(bundle.network().model().name())) {
                Backbone backbone = pretrained.backbone(bundle.geometry().size());
                Map<String, HostTensor> renamed = renamed(own, backbone.classifier());
                if (shapes(renamed)
                        .equals(Program.of(backbone.withTop(bundle.labels().size()))
                                .weightShapes())) {
                    metadata.put("mean", BundleExport.json(pretrained.mean()));
                    metadata.put("std", BundleExport.json(pretrained.deviation()));
                    return new TorchWeights(renamed, metadata, Optional.of(pretrained.name()), false);
                }
            }
        }
        boolean foreign =
                bundle.network().program().steps().stream().anyMatch(step -> step.layer() instanceof ForeignGraph);
        return new TorchWeights(own, metadata, Optional.empty(), foreign);
    }

    private static Map<String, HostTensor> renamed(Map<String, HostTensor> own, String classifier) {
        Map<String, HostTensor> renamed = new LinkedHashMap<>();
        own.forEach((name, weight) -> {
            if (name.startsWith(BACKBONE)) {
                renamed.put(name.substring(BACKBONE.length()), weight);
            } else if (name.startsWith(HEAD)) {
                renamed.put(classifier + "." + name.substring(HEAD.length()), weight);
            } else {
                renamed.put(name, weight);
            }
        });
        return renamed;
    }

    private static Map<String, Shape> shapes(Map<String, HostTensor> tensors) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    void write(Path file) {
        Safetensors.write(WholeFile.at(file), tensors, metadata);
    }
}
