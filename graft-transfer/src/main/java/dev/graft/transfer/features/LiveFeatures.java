package dev.graft.transfer.features;

import dev.graft.data.PictureFiles;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.encoder.ImageEncoder;
import dev.graft.tensor.HostTensor;
import java.util.List;

/** Boundary values computed each time, without a store. */
public final class LiveFeatures implements FeatureSource {
    private final ImageEncoder prefix;
    private final ThreadLocal<List<HostTensor>> all;

    public LiveFeatures(ImageEncoder prefix) {
        this.prefix = prefix;
        this.all = ThreadLocal.withInitial(prefix::allocate);
    }

    @Override
    public void read(IndexedPicture picture, View view, List<HostTensor> results) throws UnreadablePictureException {
        List<HostTensor> computed = all.get();
        prefix.encode(PictureFiles.read(picture.picture().path()), view, computed);
        for (int i = 0; i < results.size(); i++) {
            results.get(i).values().put(computed.get(i).values());
        }
    }

    @Override
    public boolean quick() {
        return false;
    }
}
