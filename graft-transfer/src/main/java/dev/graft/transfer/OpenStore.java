package dev.graft.transfer;

import dev.graft.encoder.ImageEncoder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The store of a prefix, or none where nothing is kept. */
record OpenStore(@Nullable FeatureStore orNull) implements AutoCloseable {
    /**
     * Opens the store. One that cannot be used is told of and done without.
     *
     * @param bytes what the run will keep in it: a store that cannot hold that would evict what the run still needs
     * @param told is given one line when nothing (more) can be kept
     */
    static OpenStore of(TransferSettings.Cache cache, ImageEncoder prefix, long bytes, Consumer<String> told) {
        if (!cache.enabled() || bytes > cache.capBytes()) {
            return new OpenStore(null);
        }
        FeatureStore store = FeatureStore.open(
                new CacheRoom(cache.folder(), cache.capBytes()),
                new FeatureStore.Kind(prefix.key(), prefix.outputBytes()),
                told);
        if (store.keeps() || !store.isEmpty()) {
            return new OpenStore(store);
        }
        store.close();
        return new OpenStore(null);
    }

    boolean isOpen() {
        return orNull != null;
    }

    /** The bytes of the whole cache on disk; 0 where there is none. */
    long bytes() {
        return orNull == null ? 0 : orNull.bytes();
    }

    @Override
    public void close() {
        if (orNull != null) {
            orNull.close();
        }
    }
}
