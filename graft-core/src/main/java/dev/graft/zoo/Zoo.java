package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.data.InputGeometry;
import dev.graft.weights.PackedWeights;
import java.util.List;

/** The backbones by name. */
public final class Zoo {
    /** What is used where nothing else is asked for; its weights are packed with Graft. */
    public static final String DEFAULT = "mobilenet_v3_small";

    private static final List<Pretrained> ALL = List.of(new Pretrained(
            DEFAULT,
            "MobileNetV3-Small, 2.5 million parameters, ImageNet weights fine-tuned for photo triage; packed with Graft",
            "Apache-2.0 (weights), BSD-3-Clause (torchvision)",
            InputGeometry.centerCrop(224, 256),
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            MobileNetV3::small,
            () -> PackedWeights.mobileNetV3Small().file()));

    private Zoo() {}

    public static List<Pretrained> all() {
        return ALL;
    }

    /**
     * The backbone of that name.
     *
     * @throws GraftException if there is none; suggests the nearest
     */
    public static Pretrained pretrained(String name) {
        List<String> names = ALL.stream().map(Pretrained::name).toList();
        return ALL.stream()
                .filter(pretrained -> pretrained.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GraftException("no backbone '" + name + "'; there are "
                        + String.join(", ", names) + Nearest.hint(name, names)));
    }
}
