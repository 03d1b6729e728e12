package dev.graft.zoo;

import dev.graft.data.InputGeometry;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.StrictLoad;
import dev.graft.weights.WeightFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backbone with what is known about its weights: where they come from and how pictures are prepared for them.
 *
 * @param name what users call it
 * @param description one line: what it was trained on, how large
 * @param licence of the weights
 * @param geometry how a picture becomes the input
 * @param mean of red, green and blue in 0..1, subtracted
 * @param deviation that they are divided by
 * @param architecture draws the backbone for an image size in pixels
 * @param packed opens the weights that are packed with Graft
 */
public record Pretrained(
        String name,
        String description,
        String licence,
        InputGeometry geometry,
        List<Double> mean,
        List<Double> deviation,
        IntFunction<Backbone> architecture,
        Supplier<WeightFile> packed) {

    /** The backbone for square pictures of that many pixels a side. */
    public Backbone backbone(int imageSize) {
        return architecture.apply(imageSize);
    }

    /**
     * The weights of the backbone by its own names; those of the old classifier are left out.
     *
     * @param file the user's own file for this architecture, or null for the packed one
     * @throws dev.graft.GraftException if a weight is missing, left over or of another shape; lists all
     */
    public Map<String, HostTensor> load(Backbone backbone, @Nullable Path file) {
        WeightFile weights = file == null ? packed.get() : WeightFile.read(file);
        return StrictLoad.of(Program.of(backbone.model()).weightShapes())
                .dropping(backbone.classifier() + ".*", "*.num_batches_tracked")
                .from(weights);
    }
}
