package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.download.Checksum;
import dev.graft.download.RemoteFile;
import dev.graft.model.Node;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * ResNet, DenseNet and VGG as Keras publishes them: the weights of their authors. Their accuracies are Keras'; pictures are
 * prepared as usual for ImageNet, which Keras leaves to the user.
 */
final class KerasClassics {
    private static final String STORE = "https://storage.googleapis.com/tensorflow/keras-applications/";

    /** For pixels 0..255 less ImageNet's mean, not scaled: Keras' mode 'caffe', with red first as everywhere here. */
    private static final UnaryOperator<Pretrained> CAFFE = each -> each.normalised(
            List.of(123.68 / 255, 116.779 / 255, 103.939 / 255), List.of(1.0 / 255, 1.0 / 255, 1.0 / 255));

    private static final List<Entry> ENTRIES = List.of(
            resNet("ResNet-50", 98.2, 74.9, "2cb95161c43110f7111970584f804107", ResNet.RES_NET_50),
            resNet("ResNet-101", 171.3, 76.4, "f1aeb4b969a6efcfb50fad2f0c20cfc5", ResNet.RES_NET_101),
            resNet("ResNet-152", 231.6, 76.6, "100835be76be38e30d865e96f2aaae62", ResNet.RES_NET_152),
            denseNet("DenseNet-121", 31.7, 75.0, "9d60b8095a5708f2dcce2bca79d332c7", DenseNet.DENSE_NET_121),
            denseNet("DenseNet-169", 55.8, 76.2, "d699b8f76981ab1b30698df4c175e90b", DenseNet.DENSE_NET_169),
            denseNet("DenseNet-201", 78.7, 77.3, "1ceb130c1ea1b78c3bf6114dbdfd8807", DenseNet.DENSE_NET_201),
            vgg("VGG-16", 527.8, "64373286793e3c8b2b4e3219cbf3544b", Vgg.VGG_16),
            vgg("VGG-19", 548.1, "cbe5617147190e668d6c5d5026f83318", Vgg.VGG_19));

    /** By name. */
    static final Map<String, RemoteFile> FILES =
            ENTRIES.stream().map(Entry::remote).collect(Collectors.toUnmodifiableMap(RemoteFile::name, file -> file));

    private KerasClassics() {}

    static Stream<Pretrained> all() {
        return ENTRIES.stream().map(Entry::pretrained);
    }

    /** @param folder of the store that has the file */
    private record Entry(String folder, String md5, Pretrained pretrained) {
        RemoteFile remote() {
            String file = ((WeightSource.Published) pretrained.source()).file();
            return new RemoteFile(file, URI.create(STORE + folder + "/" + file), Checksum.md5(md5));
        }
    }

    private static Entry resNet(String title, double size, double top1, String md5, List<Integer> blocks) {
        ModelCard card = ModelCard.of(title + " as its authors had it", top1, "MIT (He et al., Keras)");
        Pretrained record = of(title, card, size, input -> ResNet.keras(blocks, input));
        return new Entry("resnet", md5, CAFFE.apply(record));
    }

    private static Entry denseNet(String title, double size, double top1, String md5, List<Integer> blocks) {
        ModelCard card = ModelCard.of(title + " as its authors had it", top1, "BSD-3-Clause (Liu, Keras)");
        return new Entry("densenet", md5, of(title, card, size, input -> DenseNet.keras(blocks, input)));
    }

    private static Entry vgg(String title, double size, String md5, List<Integer> blocks) {
        ModelCard card = ModelCard.of(title + " as its authors had it", 71.3, "CC BY 4.0 (VGG, Keras)");
        Pretrained record = of(title, card, size, input -> Vgg.draw(blocks, Vgg.Flavour.KERAS, input));
        return new Entry(plain(title), md5, CAFFE.apply(record));
    }

    private static Pretrained of(String title, ModelCard card, double size, Function<Node, Backbone> architecture) {
        String file = plain(title) + "_weights_tf_dim_ordering_tf_kernels.h5";
        return new Pretrained(
                plain(title) + "_keras",
                card,
                InputGeometry.centerCrop(224, 256),
                TorchvisionWeights.MEAN,
                TorchvisionWeights.DEVIATION,
                architecture,
                new WeightSource.Published("Keras", file, size));
    }

    private static String plain(String title) {
        return title.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
