package dev.graft.transfer.features;

import dev.graft.Message;
import dev.graft.encoder.ImageEncoder;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The store of a prefix, or none where nothing is kept. */
public record OpenStore(@Nullable FeatureStore orNull) implements AutoCloseable {
    private static final double GIGABYTE = 1L << 30;

    /**
     * Opens the store. One that cannot be used is told of and done without.
     *
     * @param bytes what the run will keep in it: a store that cannot hold that would evict what the run still needs
     * @param told is given one line when nothing (more) can be kept
     */
    public static OpenStore of(TransferSettings settings, ImageEncoder prefix, long bytes, Consumer<Message> told) {
        long most = capacity(settings);
        if (bytes > most) {
            return new OpenStore(null);
        }
        FeatureStore store = FeatureStore.open(
                new CacheRoom(settings.get(RunSettings.CACHE), most),
                new FeatureStore.Kind(prefix.key(), prefix.outputBytes()),
                told);
        if (store.keeps() || !store.isEmpty()) {
            return new OpenStore(store);
        }
        store.close();
        return new OpenStore(null);
    }

    /** How many bytes a store may hold by the settings. */
    public static long capacity(TransferSettings settings) {
        return settings.get(RunSettings.NO_CACHE) ? -1 : Math.round(settings.get(RunSettings.CACHE_SIZE) * GIGABYTE);
    }

    public boolean isOpen() {
        return orNull != null;
    }

    /** The bytes of the whole cache on disk; 0 where there is none. */
    public long bytes() {
        return orNull == null ? 0 : orNull.bytes();
    }

    @Override
    public void close() {
        if (orNull != null) {
            orNull.close();
        }
    }
}
