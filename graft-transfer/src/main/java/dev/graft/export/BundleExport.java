package dev.graft.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.JsonText;
import dev.graft.ReadBack;
import dev.graft.WholeFile;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Confidence;
import dev.graft.data.InputGeometry;
import dev.graft.onnx.HalfPrecision;
import dev.graft.onnx.OnnxExport;
import dev.graft.report.InDistribution;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bundle as a file for other programs. What is exported to ONNX is first run in ONNX Runtime and compared with the
 * network in libtorch; without agreement there is no file.
 *
 * <p>The ONNX file is as {@link OnnxExport} says; its metadata are {@code graft_version}, {@code labels} (a JSON array in
 * the order of the logits), {@code geometry} (JSON: size, fit, resize, interpolation) and {@code test_logits} (a JSON
 * array: what pixels of {@code 7919 i mod 256} give, pixel number i over channels, rows and columns), {@code temperature}
 * (what logits are to be divided by before a softmax; {@code probabilities} are) and, where the model tells unknown
 * pictures, {@code in_distribution_threshold}: a picture is unknown if its {@code in_distribution} is below it.
 *
 * @param bundle what is exported
 * @param name of the bundle in messages
 * @param keepsBatchNorm whether batch normalisation stays a step of its own; else it is folded into convolutions
 * @param preprocesses whether the ONNX file takes pictures of any size and resizes them itself
 * @param inHalf whether the ONNX file is in half precision
 */
public record BundleExport(Bundle bundle, String name, boolean keepsBatchNorm, boolean preprocesses, boolean inHalf) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Without preprocessing, batch normalisation folded. */
    public static BundleExport of(Bundle bundle, String name) {
        return new BundleExport(bundle, name, false, false, false);
    }

    public BundleExport keepingBatchNorm() {
        return new BundleExport(bundle, name, true, preprocesses, inHalf);
    }

    public BundleExport withPreprocessing() {
        return new BundleExport(bundle, name, keepsBatchNorm, true, inHalf);
    }

    /** Without what tells unknown pictures. */
    BundleExport withoutInDistribution() {
        Confidence plain = new Confidence(bundle.confidence().temperature(), null);
        return new BundleExport(bundle.confidence(plain), name, keepsBatchNorm, preprocesses, inHalf);
    }

    /** In half precision, as {@link HalfPrecision} says. */
    public BundleExport halved() {
        return new BundleExport(bundle, name, keepsBatchNorm, preprocesses, true);
    }

    /**
     * Writes the ONNX file, in place of one that is there.
     *
     * @return how far it is from libtorch
     * @throws GraftException if it does not compute what the network computes, or cannot be written; what was there
     *     before is then untouched
     */
    public ExportCheck toOnnx(Path file) {
        byte[] content = content();
        ExportCheck check = ExportCheck.of(this, content);
        ReadBack.write(WholeFile.at(file), content);
        return check;
    }

    /** What {@link #toOnnx} writes. */
    byte[] content() {
        if (inHalf) {
            checkOwn();
        }
        byte[] floats = graph().bytes();
        return inHalf ? HalfPrecision.of(floats) : floats;
    }

    void checkOwn() {
        if (graph().isForeign()) {
            throw new GraftException(
                    name + ": its backbone came from an ONNX file, whose nodes are written as they are;"
                            + " export in float32");
        }
    }

    /** The file in float32. */
    public OnnxExport graph() {
        OnnxExport plain = OnnxExport.of(
                        bundle.network().program(), bundle.network().weights())
                .metadata(metadata(bundle));
        OnnxExport normed = keepsBatchNorm ? plain.keepingBatchNorm() : plain;
        if (!preprocesses) {
            return normed;
        }
        Confidence confidence = bundle.confidence();
        InDistribution inDistribution = confidence.inDistribution();
        return normed.withPreprocessing(bundle.geometry())
                .judged(confidence.temperature(), inDistribution == null ? null : inDistribution.examples());
    }

    /**
     * Writes the weights as safetensors, as {@link TorchWeights} names them, in place of a file that is there.
     *
     * @throws GraftException if it cannot be written; what was there before is then untouched
     */
    public TorchWeights toSafetensors(Path file) {
        TorchWeights weights = TorchWeights.of(bundle);
        weights.write(file);
        return weights;
    }

    static Map<String, String> metadata(Bundle bundle) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("graft_version", GraftVersion.get());
        metadata.put("labels", json(bundle.labels()));
        metadata.put("geometry", json(bundle.geometry()));
        metadata.put("test_logits", json(bundle.testLogits()));
        metadata.put("temperature", json(bundle.confidence().temperature()));
        InDistribution inDistribution = bundle.confidence().inDistribution();
        if (inDistribution != null) {
            metadata.put("in_distribution_threshold", json(inDistribution.threshold()));
        }
        return metadata;
    }

    /**
     * How pictures are prepared for an ONNX file that Graft has written, which takes pixels 0..255.
     *
     * @param metadata of an ONNX file; empty is what comes of another's
     */
    public static Optional<InputGeometry> geometry(Map<String, String> metadata) {
        String geometry = metadata.get("geometry");
        if (geometry == null || !metadata.containsKey("graft_version")) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readValue(geometry, InputGeometry.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static String json(Object value) {
        try {
            return JsonText.wellFormed(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
