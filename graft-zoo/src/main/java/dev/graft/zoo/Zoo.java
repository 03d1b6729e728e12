package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.Nearest;
import java.util.Comparator;
import java.util.List;

/** The backbones by name. */
public final class Zoo {
    /** What is used where nothing else is asked for; its weights are packed with Graft. */
    public static final String DEFAULT = "mobilenet_v3_small";

    /** Stands for the {@link #best} backbone. */
    public static final String BEST = "best";

    /** What {@link #best} is where nothing better is here: accurate, and to be had without any hub of models. */
    private static final String BEST_WITHOUT_A_HUB = "inception_v3";

    /** In the order in which they are listed; of weights that are as accurate the first count as the best. */
    private static final List<Family> FAMILIES = List.of(
            MobileNetV3.family(),
            MobileNetV2.family(),
            ResNet.family(),
            EfficientNet.family(),
            EfficientNetV2.family(),
            DenseNet.family(),
            ConvNeXt.family(),
            VisionTransformer.family(),
            InceptionV3.family(),
            Xception.family(),
            Vgg.family());

    /** Those whose files we know, in the order in which their weights are listed. */
    private static final List<String> PUBLISHERS = List.of(Torchvision.NAME, Keras.NAME, Timm.NAME);

    private static final List<Pretrained> ALL = FAMILIES.stream()
            .flatMap(family -> family.published().stream())
            .sorted(Comparator.comparing(Zoo::place))
            .toList();

    private Zoo() {}

    /** What needs no hub of models first, then publisher by publisher. */
    private static int place(Pretrained weights) {
        if (weights.source() instanceof WeightSource.Published published) {
            return PUBLISHERS.indexOf(published.publisher());
        }
        return weights.source() instanceof WeightSource.Packed ? -2 : -1;
    }

    static List<Family> families() {
        return FAMILIES;
    }

    public static List<Pretrained> all() {
        return ALL;
    }

    /**
     * The backbone of that name.
     *
     * @param name of one, or {@link #BEST}
     * @throws GraftException if there is none; suggests the nearest
     */
    public static Pretrained pretrained(String name) {
        if (name.equals(BEST)) {
            return best();
        }
        List<String> names = ALL.stream().map(Pretrained::name).toList();
        return ALL.stream()
                .filter(pretrained -> pretrained.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GraftException("no backbone '" + name + "' among the " + names.size()
                        + " that 'graft models' lists" + Nearest.hint(name, names)));
    }

    /**
     * The one with the highest top-1 of those whose weights are here; {@code inception_v3}, which may have to be pulled,
     * where only those packed with Graft are.
     */
    public static Pretrained best() {
        return ALL.stream()
                .filter(each -> each.card().top1() != null && each.isHere())
                .max(Comparator.comparing(each -> each.card().top1()))
                .orElseGet(() -> pretrained(BEST_WITHOUT_A_HUB));
    }
}
