package dev.graft.transfer.features;

import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extracted features; those of other than plain views come from elsewhere.
 *
 * @param others null where there are only plain views
 */
public record ExtractedFeatures(
        FeatureExtraction extraction, @Nullable FeatureSource others) implements FeatureSource {
    @Override
    public void read(IndexedPicture picture, View view, List<HostTensor> results) throws UnreadablePictureException {
        if (view.isPlain()) {
            results.get(0).values().put(extraction.features(picture.picture()));
        } else if (others == null) {
            throw new IllegalStateException("view " + view.number() + " of a picture where only plain ones are held");
        } else {
            others.read(picture, view, results);
        }
    }

    @Override
    public boolean quick() {
        return others == null || others.quick();
    }
}
