package dev.graft.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.data.PictureReader;
import dev.graft.encoder.ImageEncoder;
import dev.graft.model.Network;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained classifier with everything that is needed to use it and to know where it comes from; saved as one
 * {@code .graft} file. It holds no times or dates, so the same training gives the same bytes.
 *
 * @param labels the names of the classes, in the order of the logits
 * @param geometry how a picture becomes the network's input
 * @param network pixels 0..255 {@code [N, 3, S, S]} to logits {@code [N, classes]}; its preprocessing is inside
 * @param testLogits what the network must give for {@link TestPicture}
 * @param confidence how sure the classifier may be
 * @param provenance versions, data, settings, metrics, and the digest of what was frozen
 */
public record Bundle(
        List<String> labels,
        InputGeometry geometry,
        Network network,
        List<Float> testLogits,
        Confidence confidence,
        ObjectNode provenance) {
    /** What the part of the network is called that was pretrained. */
    public static final String BACKBONE = "backbone";

    /** What the layer is called that gives the logits. */
    public static final String HEAD = "head";

    public Bundle {
        labels = List.copyOf(labels);
        testLogits = List.copyOf(testLogits);
    }

    /**
     * Makes a bundle; computes the test vector.
     *
     * @throws GraftException if the network gives numbers that are not finite
     */
    public static Bundle of(List<String> labels, InputGeometry geometry, Network network, ObjectNode provenance) {
        try (InferenceSession session = InferenceSession.open(network, 1)) {
            List<Float> logits = session.testLogits(geometry);
            if (!logits.stream().allMatch(Float::isFinite)) {
                throw new GraftException("the network gives " + logits
                        + " for a picture, so some of its weights are no numbers; train it again with a lower rate");
            }
            return new Bundle(labels, geometry, network, logits, Confidence.plain(), provenance);
        }
    }

    /** The same with what was found on validation pictures. */
    public Bundle confidence(Confidence other) {
        return new Bundle(labels, geometry, network, testLogits, other, provenance);
    }

    /**
     * Opens what gives the features of a picture: the numbers that the head takes.
     *
     * @throws GraftException if the last layer with weights takes no features
     */
    public ImageEncoder encoder() {
        Program program = Penultimate.of(network.program())
                .orElseThrow(() -> new GraftException("the model's last layer with weights takes no features"));
        Program features = new Program(
                program.inputs(), program.steps(), List.of(program.outputs().get(1)));
        return ImageEncoder.of(features, network.weights(), PictureReader.of(geometry));
    }

    /**
     * Reads a file.
     *
     * @throws GraftException if it is missing, truncated, no bundle, or from a newer version
     */
    public static Bundle read(Path file) {
        return BundleReader.read(file);
    }

    /**
     * Writes the file under a temporary name beside it and then renames, so that there is never half a bundle.
     *
     * @throws GraftException if it cannot be written
     */
    public void write(Path file) {
        BundleWriter.write(this, file);
    }
}
