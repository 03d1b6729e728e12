package dev.graft.transfer;

import dev.graft.data.PictureFiles;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import java.util.List;

/** Boundary values computed each time, without a store. */
record LiveFeatures(FrozenPrefix prefix) implements FeatureSource {
    @Override
    public void read(IndexedPicture picture, View view, List<HostTensor> results) throws UnreadablePictureException {
        prefix.compute(PictureFiles.read(picture.picture().path()), view, results);
    }

    @Override
    public boolean quick() {
        return false;
    }
}
