package dev.graft.zoo;

import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of {@link KerasMobileWeights} with the folder they are in; the hashes are those of Keras' {@code applications}. */
final class KerasMobileFiles {
    private static final String STORE = "https://storage.googleapis.com/";
    private static final String APPLICATIONS = "tensorflow/keras-applications/";

    private static final Map<String, RemoteFile> ALL = Stream.of(mobileNets(), efficientNets(), convNeXts())
            .flatMap(files -> files)
            .collect(Collectors.toMap(RemoteFile::name, Function.identity()));

    private KerasMobileFiles() {}

    /** A file by its name, or null if it is none of these. */
    static @Nullable RemoteFile find(String name) {
        return ALL.get(name);
    }

    private static Stream<RemoteFile> mobileNets() {
        return Stream.concat(
                // Keras says no hash of these.
                Stream.of("0.35", "0.5", "0.75", "1.3", "1.4")
                        .map(width -> "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_" + width + "_224.h5")
                        .map(name -> file("mobilenet_v2/", name, null)),
                Stream.of(
                        file(
                                "mobilenet_v3/",
                                "weights_mobilenet_v3_small_224_1.0_float.h5",
                                Checksum.md5("8768d4c2e7dee89b9d02b2d03d65d862")),
                        file(
                                "mobilenet_v3/",
                                "weights_mobilenet_v3_large_224_1.0_float.h5",
                                Checksum.md5("59e551e166be033d707958cf9e29a6a7"))));
    }

    private static Stream<RemoteFile> efficientNets() {
        return Stream.of(
                efficientNet("b0", "902e53a9f72be733fc0bcb005b3ebbac"),
                efficientNet("b1", "1d254153d4ab51201f1646940f018540"),
                efficientNet("b2", "b15cce36ff4dcbd00b6dd88e7857a6ad"),
                efficientNet("b3", "ffd1fdc53d0ce67064dc6a9c7960ede0"),
                efficientNet("b4", "18c95ad55216b8f92d7e70b3a046e2fc"),
                efficientNet("b5", "ace28f2a6363774853a83a0b21b9421a"),
                efficientNet("b6", "165f6e37dce68623721b423839de8be5"),
                efficientNet("b7", "8c03f828fec3ef71311cd463b6759d99"),
                efficientNet("v2-b0", "21ecbf6da12460d5c40bb2f29ceb2188"),
                efficientNet("v2-b1", "069f0534ff22adf035c89e2d9547a9dc"),
                efficientNet("v2-b2", "424e49f28180edbde1e94797771950a7"),
                efficientNet("v2-b3", "1f1fc43bd98a6e4fd8fdfd551e02c7a0"),
                efficientNet("v2-s", "e1d88a8495beba45748fedd0cecbe016"),
                efficientNet("v2-m", "a3bf6aa3276309f4fc6a34aa114c95cd"),
                efficientNet("v2-l", "27e6d408b53c7ebc868fefa357689935"));
    }

    /** The first version has a place of its own. */
    private static RemoteFile efficientNet(String variant, String md5) {
        String name = "efficientnet" + variant + ".h5";
        String folder = variant.startsWith("v2") ? APPLICATIONS + "efficientnet_v2/" : "keras-applications/";
        return new RemoteFile(name, URI.create(STORE + folder + name), Checksum.md5(md5));
    }

    private static Stream<RemoteFile> convNeXts() {
        return Stream.of(
                convNeXt("tiny", "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff"),
                convNeXt("small", "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c"),
                convNeXt("base", "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6"),
                convNeXt("large", "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6"));
    }

    private static RemoteFile convNeXt(String variant, String sha256) {
        return file("convnext/", "convnext_" + variant + ".h5", Checksum.sha256(sha256));
    }

    private static RemoteFile file(String folder, String name, @Nullable Checksum checksum) {
        return new RemoteFile(name, URI.create(STORE + APPLICATIONS + folder + name), checksum);
    }
}
