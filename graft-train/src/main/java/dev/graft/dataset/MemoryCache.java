package dev.graft.dataset;

import dev.graft.GraftException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps each example once it was made. Two threads that want the same one at the same moment may both make it. */
final class MemoryCache extends DatasetStage.Over {
    private static final double USABLE_SHARE = 0.8;

    private final AtomicReferenceArray<Example> kept;

    MemoryCache(DatasetStage base) {
        super(base);
        this.kept = new AtomicReferenceArray<>(base.size());
    }

    @Override
    public Example get(int index, int epoch) {
        Example example = kept.get(index);
        if (example == null) {
            example = HostTensors.readOnly(base.get(index, 0));
            requireRoom(HostTensors.bytes(example));
            kept.set(index, example);
        }
        return example;
    }

    private void requireRoom(long bytesEach) {
        double needed = (double) bytesEach * size();
        double most = Runtime.getRuntime().maxMemory();
        if (needed > USABLE_SHARE * most) {
            throw new GraftException(String.format(
                    Locale.ROOT,
                    "cache: %,d examples of %,d bytes need %.1f GB, Java may use %.1f GB; keep them in a file with"
                            + " cache(file), or give Java more with -Xmx",
                    size(),
                    bytesEach,
                    needed / (1 << 30),
                    most / (1 << 30)));
        }
    }
}
