package dev.graft.transfer.features;

import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Boundary values from the store; what is missing there is computed. */
public final class StoredFeatures implements FeatureSource {
    private final FeatureStore store;
    private final FeatureSource missing;
    private final String augment;
    private final ThreadLocal<ByteBuffer> records;

    public StoredFeatures(FeatureStore store, FeatureSource missing, int recordBytes, String augment) {
        this.store = store;
        this.missing = missing;
        this.augment = augment;
        this.records =
                ThreadLocal.withInitial(() -> ByteBuffer.allocate(recordBytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public void read(IndexedPicture picture, View view, List<HostTensor> results) throws UnreadablePictureException {
        ByteBuffer record = records.get().clear();
        if (!store.read(picture.key(view, augment), record)) {
            missing.read(picture, view, results);
            return;
        }
        record.flip();
        unpack(record, results);
    }

    /** Not once the store keeps nothing more: the rest is computed in every epoch. */
    @Override
    public boolean quick() {
        return store.keeps();
    }

    static void unpack(ByteBuffer record, List<HostTensor> results) {
        for (HostTensor result : results) {
            int bytes = result.elements() * Float.BYTES;
            ByteBuffer part = record.slice(record.position(), bytes).order(record.order());
            result.values().put(part.asFloatBuffer());
            record.position(record.position() + bytes);
        }
    }

    static ByteBuffer pack(List<HostTensor> results, int recordBytes) {
        ByteBuffer record = ByteBuffer.allocate(recordBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (HostTensor result : results) {
            record.asFloatBuffer().put(result.values());
            record.position(record.position() + result.elements() * Float.BYTES);
        }
        return record.flip();
    }
}
