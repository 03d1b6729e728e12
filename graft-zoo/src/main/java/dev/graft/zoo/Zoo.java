package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.data.InputGeometry;
import dev.graft.formats.PackedWeights;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The backbones by name. */
public final class Zoo {
    /** What is used where nothing else is asked for; its weights are packed with Graft. */
    public static final String DEFAULT = "mobilenet_v3_small";

    /** Stands for the {@link #best} backbone. */
    public static final String BEST = "best";

    /** What {@link #best} is where nothing better is here: accurate, and to be had without any hub of models. */
    private static final String BEST_WITHOUT_A_HUB = "inception_v3";

    private static final Pretrained PACKED = new Pretrained(
            DEFAULT,
            new ModelCard(
                    "MobileNetV3-Small",
                    "ImageNet-1k, then photo triage; packed with Graft",
                    null,
                    "Apache-2.0 (weights), BSD-3-Clause (torchvision)"),
            InputGeometry.centerCrop(224, 256),
            TorchvisionWeights.MEAN,
            TorchvisionWeights.DEVIATION,
            MobileNetV3::small,
            new WeightSource.Packed(() -> PackedWeights.mobileNetV3Small().file(), 2.9));

    private static final List<Pretrained> ALL = Stream.of(
                    Stream.of(PACKED),
                    NpmWeights.all(),
                    TorchvisionWeights.all(),
                    KerasWeights.all(),
                    KerasMobileWeights.all(),
                    TimmWeights.all())
            .flatMap(each -> each)
            .toList();

    private Zoo() {}

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
