package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import dev.graft.model.Node;
import java.net.URI;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How torchvision publishes weights. Files are named after the network, with the first digits of their SHA-256 behind it:
 * {@code resnet50-11ad3fa6.pth}. Of two sets for one network the newer, from its second training recipe, has the network's
 * name, the older {@code _v1} after it.
 *
 * @see <a href="https://pytorch.org/vision/stable/models.html">torchvision's table</a>
 */
final class Torchvision {
    static final String NAME = "torchvision";

    private static final String STORE = "https://download.pytorch.org/models/";

    /** The network, whose port it is, and the hash. */
    private static final Pattern FILE = Pattern.compile("(.+?)(?:_rwightman|_lukemelas|_google)?-([0-9a-f]{8})\\.pth");

    private static final Publisher PUBLISHER =
            new Publisher(NAME, "BSD-3-Clause (torchvision)", Publisher.CROP, Scaling.IMAGENET);

    private static final InputGeometry OF_SECOND_RECIPE = InputGeometry.centerCrop(224, 232);

    private Torchvision() {}

    /** The only weights of a network; {@code size} in MiB. */
    static Pretrained weights(String title, String file, double size, Function<Node, Backbone> architecture) {
        WeightSource source = new WeightSource.Published(NAME, remote(file), size);
        return PUBLISHER.weights(parts(file).group(1), title, source, architecture);
    }

    /** Those of the second recipe. */
    static Pretrained newer(String title, String file, double size, Function<Node, Backbone> architecture) {
        return weights(title, file, size, architecture).prepared(OF_SECOND_RECIPE);
    }

    /** Those of the first recipe, where there are others. */
    static Pretrained older(String title, String file, double size, Function<Node, Backbone> architecture) {
        Pretrained weights = weights(title, file, size, architecture);
        return weights.named(weights.name() + "_v1");
    }

    /**
     * Where a file is.
     *
     * @throws IllegalArgumentException if its name has no hash
     */
    static RemoteFile remote(String file) {
        return new RemoteFile(
                file, URI.create(STORE + file), Checksum.sha256(parts(file).group(2)));
    }

    private static Matcher parts(String file) {
        Matcher parts = FILE.matcher(file);
        if (!parts.matches()) {
            throw new IllegalArgumentException(file + ": expected a hash in the name, as torchvision has it");
        }
        return parts;
    }
}
