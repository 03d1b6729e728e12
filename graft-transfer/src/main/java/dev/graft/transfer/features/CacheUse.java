package dev.graft.transfer.features;

/** Views that the store had, views that were computed, and the bytes of the whole store. */
public record CacheUse(int hits, int misses, long bytes) {
    /** With what another pass used; the store is the same. */
    public CacheUse plus(CacheUse more) {
        return new CacheUse(hits + more.hits, misses + more.misses, Math.max(bytes, more.bytes));
    }
}
