package dev.graft.zoo;

import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import java.net.URI;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where publishers have their files of weights, and what they say of their content. */
final class PublishedFiles {
    private static final String TORCHVISION = "https://download.pytorch.org/models/";
    private static final String KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/";
    private static final String TIMM = "https://huggingface.co/timm/";

    /** The first digits of the SHA-256, which torch puts into the names of its files. */
    private static final Pattern HASH_IN_NAME = Pattern.compile(".*-([0-9a-f]{8})\\.pth");

    /** Files whose names have a wrong hash, with the right one: pytorch/vision issue 7744. */
    private static final Map<String, String> CORRECTED = Map.of(
            "efficientnet_b0_rwightman-3dd342df.pth",
            "7f5810bc96def8f7552d5b7e68d53c4786f81167d28291b21c0d90e1fca14934",
            "efficientnet_b2_rwightman-bcdf34b7.pth",
            "c35c147384e385a5bab5a8eabdabbe5a3df0487ee4a554108626ae474a5bf755",
            "efficientnet_b3_rwightman-cf984f9c.pth",
            "b3899882250c22946d0229d266049fcd133c169233530b36b9ffa7983988362f",
            "efficientnet_b4_rwightman-7eb33cd5.pth",
            "23ab8bcd5bdbef61a7a43b91adcad81f622fd7f36fb4935a569828d77888c44e",
            "efficientnet_b5_lukemelas-b6417697.pth",
            "1a07897c0d357db7981640f6be44a63420f11deb932344a69768b62ebe272946",
            "efficientnet_b6_lukemelas-c76e70fd.pth",
            "24a108a596a00ad522bdfb9a2d98a9bd31819dfd7e37dd96bad6bb5bc00d6015",
            "efficientnet_b7_lukemelas-dcc49843.pth",
            "c5b4e57e0da1a10bb4f8a5b410dd3b7b6e7461f9b757209be29409707c3d87dd");

    /** Keras' files with the folder they are in; the hashes are those of its {@code applications}. */
    private static final Map<String, RemoteFile> KERAS_FILES = Map.of(
            "xception_weights_tf_dim_ordering_tf_kernels.h5",
            keras(
                    "xception/",
                    "xception_weights_tf_dim_ordering_tf_kernels.h5",
                    Checksum.md5("0a58e3b7378bc2990ea3b43d5981f1f6")),
            // Keras says no hash of this one.
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
            keras("mobilenet_v2/", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5", null));

    private PublishedFiles() {}

    /**
     * What is known of a file.
     *
     * @throws IllegalArgumentException if nothing is: a record of the zoo without its line here
     */
    static RemoteFile of(WeightSource.Published source) {
        String file = source.file();
        return switch (source.publisher()) {
            case "torchvision" -> torchvision(file);
            case "timm" -> timm(file);
            case "Keras" -> keras(file);
            default -> throw new IllegalArgumentException("unknown publisher " + source.publisher() + " of " + file);
        };
    }

    private static RemoteFile torchvision(String file) {
        Matcher name = HASH_IN_NAME.matcher(file);
        if (!name.matches()) {
            throw new IllegalArgumentException(file + ": expected a hash in the name, as torchvision has it");
        }
        String digits = CORRECTED.getOrDefault(file, name.group(1));
        return new RemoteFile(file, URI.create(TORCHVISION + file), Checksum.sha256(digits));
    }

    /** Files there are named {@code MODEL/model.safetensors}; no hash is published beside them. */
    private static RemoteFile timm(String file) {
        int slash = file.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(file + ": expected MODEL/FILE");
        }
        URI address = URI.create(TIMM + file.substring(0, slash) + "/resolve/main" + file.substring(slash));
        return new RemoteFile(file, address, null);
    }

    private static RemoteFile keras(String file) {
        RemoteFile known = KERAS_FILES.get(file);
        if (known == null) {
            throw new IllegalArgumentException(file + ": not in the table of Keras' files");
        }
        return known;
    }

    private static RemoteFile keras(String folder, String file, @Nullable Checksum checksum) {
        return new RemoteFile(file, URI.create(KERAS + folder + file), checksum);
    }
}
