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
    static final String IMAGENET = "ImageNet-1k";

    static ModelCard of(String title, double top1, String licence) {
        return new ModelCard(title, IMAGENET, top1, licence);
    }

    /** One line. */
    @Override
    public String toString() {
        String accuracy = top1 == null ? "" : String.format(Locale.ROOT, ", top-1 %.1f %%", top1);
        return title + ", trained on " + pictures + accuracy;
    }
}
