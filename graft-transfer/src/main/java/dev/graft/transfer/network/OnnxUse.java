package dev.graft.transfer.network;

import dev.graft.SettingException;
import dev.graft.SettingName;
import dev.graft.data.InputGeometry;
import dev.graft.export.BundleExport;
import dev.graft.model.Node;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.preprocessing.PixelRange;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource.OnnxFile;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Pooling;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a network from an ONNX file is used.
 *
 * @param cut the value that its features are
 * @param shape of that value for one picture
 * @param pixels what it takes for pixels
 * @param own whether Graft has exported the file, which then says how pictures are prepared
 */
public record OnnxUse(String cut, String shape, PixelRange pixels, boolean own) {
    /** Of pictures at 256 pixels, 224 in the middle: how networks are commonly evaluated on ImageNet. */
    private static final double MARGIN = 256 / 224.0;

    /** What of such a network can be fine-tuned. */
    private static final String NOTHING = "nothing";

    /** As {@link FeatureExtractor#of}. */
    static FeatureExtractor extractor(OnnxFile base, @Nullable Integer imageSize, Pooling pooling) {
        if (pooling.layer().isPresent()) {
            throw new SettingException(
                    HeadSettings.POOLING.key(),
                    "with " + SettingName.of("backbone")
                            + " FILE.onnx the head takes what is cut; cut a pooled value with " + SettingName.of("cut")
                            + ", and leave " + HeadSettings.POOLING.named() + " out");
        }
        OnnxBackbone file = OnnxBackbone.read(base.file());
        Optional<InputGeometry> own = BundleExport.geometry(file.metadata());
        String cut = base.cut() == null ? file.standardCut() : base.cut();
        OnnxBackbone.Features features = file.cut(cut, imageSize == null ? 0 : imageSize);
        InputGeometry geometry = geometry(own, features.size());
        PixelRange usual = own.isPresent() ? PixelRange.NONE : PixelRange.IMAGENET;
        PixelRange pixels = base.pixels() == null ? usual : base.pixels();
        Node input = Node.input(3, features.size(), features.size());
        return new FeatureExtractor(
                String.valueOf(base.file().getFileName()),
                input,
                pixels.layer().map(layer -> input.then("preprocessing", layer)).orElse(input),
                features.model(),
                pooling,
                features.weights(TransferNetwork.BACKBONE + "."),
                geometry,
                List.of(),
                NOTHING,
                new OnnxUse(features.cut(), features.shape(), pixels, own.isPresent()));
    }

    private static InputGeometry geometry(Optional<InputGeometry> own, int size) {
        try {
            return own.map(known -> known.withSize(size))
                    .orElseGet(() -> InputGeometry.centerCrop(size, (int) Math.round(size * MARGIN)));
        } catch (IllegalArgumentException e) {
            throw new SettingException(BackboneSettings.IMAGE_SIZE.key(), String.valueOf(e.getMessage()), e);
        }
    }
}
