package dev.graft.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The 1000 classes that most published weights know (Russakovsky et al. 2015, "ImageNet Large Scale Visual Recognition"). */
public final class ImageNet {
    private static final String RESOURCE = "imagenet_classes.txt";

    private ImageNet() {}

    /** Their names in the order of the logits, as torchvision writes them; all different. */
    public static List<String> classes() {
        try (InputStream in = ImageNet.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
