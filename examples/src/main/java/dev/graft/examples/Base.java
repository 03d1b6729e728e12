package dev.graft.examples;

import dev.graft.zoo.Backbone;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The backbone that an example works with: the one it is about where its weights are at hand, else the one that is packed
 * with Graft.
 *
 * @param weights the user's file, or null for packed weights
 */
record Base(
        Pretrained pretrained, Backbone backbone, @Nullable Path weights) {
    /**
     * Finds a backbone and says what it found.
     *
     * @param wanted its name in the zoo
     */
    static Base of(String wanted, ExampleOptions options, int imageSize, PrintStream out) {
        Pretrained pretrained = Zoo.pretrained(wanted);
        if (!pretrained.isHere() && options.weights == null) {
            out.println("The weights of " + wanted + " are not here; give them with --weights FILE. This run takes "
                    + Zoo.DEFAULT + " in its place.");
            pretrained = Zoo.pretrained(Zoo.DEFAULT);
        }
        return new Base(pretrained, pretrained.backbone(options.imageSize(imageSize)), options.weights);
    }
}
