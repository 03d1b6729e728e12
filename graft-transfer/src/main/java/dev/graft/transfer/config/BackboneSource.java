package dev.graft.transfer.config;

import dev.graft.preprocessing.PixelRange;
import dev.graft.transfer.setting.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the pretrained network comes from. */
public sealed interface BackboneSource permits BackboneSource.OfZoo, BackboneSource.OnnxFile, PreviousModel {
    /** What it says of other settings, unless they are asked for. */
    default Map<Setting<?>, Object> presets() {
        return Map.of();
    }

    /**
     * An architecture of the zoo.
     *
     * @param model its name there
     * @param weights a file with other weights for it, or null for the publisher's
     */
    record OfZoo(String model, @Nullable Path weights) implements BackboneSource {
        /** With its publisher's weights. */
        public OfZoo(String model) {
            this(model, null);
        }

        @Override
        public String toString() {
            return model;
        }
    }

    /**
     * Any network in an ONNX file, which stays frozen.
     *
     * @param cut the node or value whose features the head takes, or null for what the last dense layer takes
     * @param pixels what the network takes for pixels, or null for ImageNet's normalisation; what Graft has exported
     *     takes pixels as they are
     */
    record OnnxFile(
            Path file, @Nullable String cut, @Nullable PixelRange pixels) implements BackboneSource {
        /** Cut and fed as files usually are. */
        public OnnxFile(Path file) {
            this(file, null, null);
        }

        @Override
        public Map<Setting<?>, Object> presets() {
            return Map.of(TuningSettings.EPOCHS, 0);
        }

        @Override
        public String toString() {
            return String.valueOf(file.getFileName());
        }
    }
}
