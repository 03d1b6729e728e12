package dev.graft.preprocessing;

import dev.graft.layers.Layer;
import dev.graft.layers.Normalization;
import dev.graft.layers.Rescaling;
import java.util.List;
import java.util.Optional;

/** What a network takes for the pixels 0..255 of its pictures: the usual choices. */
public enum PixelRange {
    /** Less ImageNet's mean, divided by its deviation, channel by channel: what torchvision's networks take. */
    IMAGENET("less ImageNet's mean, divided by its deviation"),
    /** -1 to 1: Google's and most of Keras'. */
    HALF("from -1 to 1"),
    /** 0 to 1. */
    UNIT("from 0 to 1"),
    /** 0 to 255: the network has its own normalisation inside. */
    NONE("from 0 to 255");

    private final String text;

    PixelRange(String text) {
        this.text = text;
    }

    /** In words, to be read after "pixels". */
    public String text() {
        return text;
    }

    /** The layer that makes it of pixels 0..255; none where they stay. */
    public Optional<Layer> layer() {
        return switch (this) {
            case IMAGENET ->
                Optional.of(Normalization.ofPixels(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)));
            case HALF -> Optional.of(new Rescaling(1 / 127.5, -1));
            case UNIT -> Optional.of(Rescaling.of(1 / 255.0));
            case NONE -> Optional.empty();
        };
    }
}
