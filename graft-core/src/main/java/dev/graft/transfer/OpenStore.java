package dev.graft.transfer;

import org.jspecify.annotations.Nullable;

/** The store of a prefix, or none where nothing is kept. */
record OpenStore(@Nullable FeatureStore orNull) implements AutoCloseable {
    /**
     * Opens the store.
     *
     * @param bytes what the run will keep in it: a store that cannot hold that would evict what the run still needs
     */
    static OpenStore of(TransferSettings.Cache cache, FrozenPrefix prefix, long bytes) {
        boolean kept = cache.enabled() && bytes <= cache.capBytes();
        return new OpenStore(
                kept ? FeatureStore.open(cache.folder(), prefix.key(), prefix.recordBytes(), cache.capBytes()) : null);
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
