package dev.graft.examples;

import dev.graft.data.InputGeometry;
import dev.graft.model.Model;
import dev.graft.tensor.HostTensor;
import dev.graft.zoo.Backbone;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
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
     * What a head goes on. The backbone that an example is about ends with its last feature map, as in the guide; the packed
     * one with features, since the layer after its map is worth having.
     */
    Model model() {
        return pretrained.isHere() ? backbone.model() : backbone.withoutTop();
    }

    /** The weights of one of the backbone's models, under their names in it. */
    Map<String, HostTensor> weightsOf(Model model) {
        return pretrained.load(model, weights);
    }

    /** How a picture is brought to the size that the backbone was drawn for. */
    InputGeometry geometry() {
        return pretrained.geometry().withSize(imageSize());
    }

    /** The side of the pictures in pixels. */
    int imageSize() {
        return backbone.model().inputs().get(0).shape().size(2);
    }

    /**
     * Finds a backbone and says what it found.
     *
     * @param wanted its name in the zoo
     */
    static Base of(String wanted, ExampleOptions options, int imageSize, PrintStream out) {
        Pretrained pretrained = Zoo.pretrained(wanted);
        if (!pretrained.isHere() && options.weights == null) {
            out.println("The weights of " + wanted + " are not here; fetch them with 'graft models pull " + wanted
                    + "', or give them with --weights FILE. This run takes "
                    + Zoo.DEFAULT + " in its place.");
            pretrained = Zoo.pretrained(Zoo.DEFAULT);
        }
        return new Base(pretrained, pretrained.backbone(options.imageSize(imageSize)), options.weights);
    }
}
