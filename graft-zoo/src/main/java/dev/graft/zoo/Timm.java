package dev.graft.zoo;

import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import dev.graft.model.Node;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How timm publishes weights as safetensors: those of networks that torchvision does not have or not with these, which saw
 * ImageNet-21k. {@code _21k} after a network's name was trained on nothing else, {@code _21k_1k} then on ImageNet-1k; {@code
 * vit_s_16}, of which there is no other worth it, is of the latter too. Facebook counts two classes less than Google and
 * says ImageNet-22k.
 *
 * @see <a href="https://github.com/huggingface/pytorch-image-models/blob/main/results/results-imagenet.csv">timm's results</a>
 */
final class Timm {
    static final String NAME = "timm";

    private static final String STORE = "https://huggingface.co/timm/";
    private static final String FILE = "/model.safetensors";

    private static final Publisher PUBLISHER =
            new Publisher(NAME, "Apache-2.0 (timm)", Publisher.CROP.bicubic(), Scaling.IMAGENET);

    private Timm() {}

    /** Weights that know the classes of ImageNet-21k; {@link Pretrained#thenImageNet} says of others how many they get right. */
    static Pretrained weights(
            String name, String title, WeightSource.Published file, Function<Node, Backbone> architecture) {
        return PUBLISHER.weights(name, title, file, architecture).trainedOn(ModelCard.IMAGENET_21K);
    }

    /**
     * The file of a model whose page at the hub we have not seen.
     *
     * @param size in MiB
     */
    static WeightSource.Published file(String model, double size) {
        return file(model, size, null);
    }

    static WeightSource.Published sha256(String model, double size, String digits) {
        return file(model, size, Checksum.sha256(digits));
    }

    private static WeightSource.Published file(String model, double size, @Nullable Checksum checksum) {
        URI address = URI.create(STORE + model + "/resolve/main" + FILE);
        return new WeightSource.Published(NAME, new RemoteFile(model + FILE, address, checksum), size);
    }
}
