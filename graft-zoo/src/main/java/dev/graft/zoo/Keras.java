package dev.graft.zoo;

import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import dev.graft.model.Node;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How Keras publishes weights: networks as Keras defines them, with {@code _keras} after a name that torchvision has too.
 * Their hashes are those of Keras' {@code applications}; accuracies and geometries those of the networks' authors, which
 * Keras' table gives. Sizes are what Keras needs to write such files; its table rounds them.
 *
 * @see <a href="https://keras.io/api/applications/">Keras' table</a>
 */
final class Keras {
    static final String NAME = "Keras";

    /** Behind the names of networks as Keras defines them. */
    static final String SUFFIX = "_keras";

    /** What files are called that are older than Keras 3. */
    static final String KERNELS = "_weights_tf_dim_ordering_tf_kernels";

    /** A folder beside that of most files. */
    static final String OTHER_FOLDER = "/keras-applications/";

    private static final URI STORE = URI.create("https://storage.googleapis.com/tensorflow/keras-applications/");

    private static final Publisher PUBLISHER = new Publisher(NAME, "Apache-2.0 (Keras)", Publisher.CROP, Scaling.HALF);

    private Keras() {}

    /** Weights for pixels of -1 to 1, as most are. */
    static Pretrained weights(
            String name, String title, WeightSource.Published file, Function<Node, Backbone> architecture) {
        return PUBLISHER.weights(name, title, file, architecture);
    }

    /**
     * A file whose hash Keras does not say.
     *
     * @param path from the folder on that has most of Keras' files
     * @param size in MiB
     */
    static WeightSource.Published file(String path, double size) {
        return file(path, size, null);
    }

    static WeightSource.Published md5(String path, double size, String digits) {
        return file(path, size, Checksum.md5(digits));
    }

    static WeightSource.Published sha256(String path, double size, String digits) {
        return file(path, size, Checksum.sha256(digits));
    }

    private static WeightSource.Published file(String path, double size, @Nullable Checksum checksum) {
        URI address = STORE.resolve(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        return new WeightSource.Published(NAME, new RemoteFile(name, address, checksum), size);
    }
}
