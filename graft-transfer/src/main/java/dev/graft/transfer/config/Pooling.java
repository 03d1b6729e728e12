package dev.graft.transfer.config;

import dev.graft.layers.Flatten;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.layers.GlobalMaxPooling2D;
import dev.graft.layers.Layer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a feature map becomes the features that a head takes. */
public enum Pooling {
    /** As the backbone's publishers have it, with what stands between pooling and classifier. */
    FEATURES(null),
    /** The mean over height and width. */
    AVERAGE(GlobalAveragePooling2D.of()),
    /** The maximum over height and width. */
    MAX(new GlobalMaxPooling2D()),
    /** Every number of the map. */
    FLATTEN(new Flatten());

    private final transient @Nullable Layer layer;

    Pooling(@Nullable Layer layer) {
        this.layer = layer;
    }

    /** The layer on the feature map; none for {@link #FEATURES}. */
    public Optional<Layer> layer() {
        return Optional.ofNullable(layer);
    }
}
