package dev.graft.transfer.features;

import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import java.util.List;

/** Where the boundary values of a picture come from: the store, or the prefix itself. */
public interface FeatureSource {
    /** The values of one view of a picture: as many of the first outputs of the prefix as there are results. */
    void read(IndexedPicture picture, View view, List<HostTensor> results) throws UnreadablePictureException;

    /** Whether reading is so quick that threads would not help. */
    boolean quick();
}
