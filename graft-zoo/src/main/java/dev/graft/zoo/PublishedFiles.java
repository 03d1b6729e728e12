package dev.graft.zoo;

import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where publishers have their files of weights, and what they say of their content. */
final class PublishedFiles {
    private static final String TORCHVISION = "https://download.pytorch.org/models/";
    private static final String KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/";
    private static final String TIMM = "https://huggingface.co/timm/";

    /** The first digits of the SHA-256, which torch puts into the names of its files. */
    private static final Pattern HASH_IN_NAME = Pattern.compile(".*-([0-9a-f]{8})\\.pth");

    /** Keras' files with the folder they are in; the hashes are those of its {@code applications}. */
    private static final Map<String, RemoteFile> KERAS_FILES = Map.of(
            "xception_weights_tf_dim_ordering_tf_kernels.h5",
            keras(
                    "xception/",
                    "xception_weights_tf_dim_ordering_tf_kernels.h5",
                    Checksum.md5("0a58e3b7378bc2990ea3b43d5981f1f6")),
            "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
            keras(
                    "inception_v3/",
                    "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
                    Checksum.md5("9a0d58056eeedaa3f26cb7ebd46da564")),
            // Keras says no hash of this one.
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
            keras("mobilenet_v2/", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5", null));

    /** The SHA-256 of those of timm's files whose page at the hub we have seen. */
    private static final Map<String, String> TIMM_HASHES = Map.of(
            "convnext_tiny.fb_in22k/model.safetensors",
            "2b40f8d53b566a8c08c0c75f93ff5ac6fa33bd213afb27ee40766af7ffe5943b");

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
        return new RemoteFile(file, URI.create(TORCHVISION + file), Checksum.sha256(name.group(1)));
    }

    /** Files there are named {@code MODEL/model.safetensors}. */
    private static RemoteFile timm(String file) {
        int slash = file.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(file + ": expected MODEL/FILE");
        }
        URI address = URI.create(TIMM + file.substring(0, slash) + "/resolve/main" + file.substring(slash));
        String hash = TIMM_HASHES.get(file);
        return new RemoteFile(file, address, hash == null ? null : Checksum.sha256(hash));
    }

    private static RemoteFile keras(String file) {
        RemoteFile known = Stream.of(KerasClassics.FILES.get(file), KERAS_FILES.get(file), KerasMobileFiles.find(file))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (known == null) {
            throw new IllegalArgumentException(file + ": not in the table of Keras' files");
        }
        return known;
    }

    private static RemoteFile keras(String folder, String file, @Nullable Checksum checksum) {
        return new RemoteFile(file, URI.create(KERAS + folder + file), checksum);
    }
}
