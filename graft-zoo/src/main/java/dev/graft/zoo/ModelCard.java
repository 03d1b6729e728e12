package dev.graft.zoo;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What their publisher says of a backbone's weights.
 *
 * @param title of the network, as its authors write it
 * @param pictures what the network was trained on
 * @param top1 the percentage of ImageNet's validation pictures that it gets right; null where nobody says
 * @param licence of the weights
 */
public record ModelCard(
        String title, String pictures, @Nullable Double top1, String licence) {
    static final String IMAGENET_21K = "ImageNet-21k";
    static final String IMAGENET_21K_1K = "ImageNet-21k, then ImageNet-1k";

    /** Of weights that were trained on ImageNet-1k. */
    static ModelCard of(String title, String licence) {
        return new ModelCard(title, "ImageNet-1k", null, licence);
    }

    ModelCard top1(double percentage) {
        return new ModelCard(title, pictures, percentage, licence);
    }

    ModelCard trainedOn(String other) {
        return new ModelCard(title, other, top1, licence);
    }

    ModelCard licence(String other) {
        return new ModelCard(title, pictures, top1, other);
    }

    /** One line. */
    @Override
    public String toString() {
        String accuracy = top1 == null ? "" : String.format(Locale.ROOT, ", top-1 %.1f %%", top1);
        return title + ", trained on " + pictures + accuracy;
    }
}
