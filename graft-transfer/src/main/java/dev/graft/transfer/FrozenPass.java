package dev.graft.transfer;

import dev.graft.Sha256;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one pass over all pictures in which each is read, hashed, and its boundary values are computed unless the store has
 * them. Finds the unreadable pictures on the way.
 */
final class FrozenPass {
    /**
     * What the pass found.
     *
     * @param pictures those that are sound, in order
     * @param skipped those that are not
     * @param hits views that the store had
     * @param computed views that were computed
     */
    record Result(List<IndexedPicture> pictures, List<Skipped> skipped, int hits, int computed) {}

    /** Is told of the pass, one call at a time; the numbers are those of {@link TransferEvent.FrozenPass}. */
    interface Progress {
        void begins(TransferEvent.Pass pass, long bytes);

        void at(int done, int total, int computed, int unreadable);

        /** The store keeps nothing more; says why. */
        void lost(String message);

        /** Tells the listener, as the pass before the phase of that name. */
        static Progress told(String phase, Consumer<TransferEvent> listener) {
            return new Progress() {
                @Override
                public void begins(TransferEvent.Pass pass, long bytes) {
                    listener.accept(new TransferEvent.PassStarted(phase, pass, bytes));
                }

                @Override
                public void at(int done, int total, int computed, int unreadable) {
                    listener.accept(new TransferEvent.FrozenPass(phase, done, total, computed, unreadable));
                }

                @Override
                public void lost(String message) {
                    listener.accept(new TransferEvent.CacheLost(message));
                }
            };
        }
    }

    /** Is given the boundary values of pictures, from several threads at once. */
    interface Collector {
        void take(int picture, List<HostTensor> values);
    }

    private final FrozenPrefix prefix;
    private final @Nullable FeatureStore store;
    private final Workers workers;
    private final String augment;
    private final ThreadLocal<List<HostTensor>> results;
    private final Progress progress;
    private final int total;
    private final Function<Path, Optional<String>> known;
    private final AtomicInteger computed = new AtomicInteger();
    private int done;
    private int unreadable;

    /**
     * Prepares a pass.
     *
     * @param store null where nothing is kept: the pass then only checks that each picture can be read, as it does once
     *     the store keeps nothing more
     * @param total how many views all runs of this pass go through, for the progress
     * @param known the hash of a picture that this run has read before, which is not read again without need
     */
    FrozenPass(
            FrozenPrefix prefix,
            @Nullable FeatureStore store,
            Workers workers,
            String augment,
            Progress progress,
            int total,
            Function<Path, Optional<String>> known) {
        this.prefix = prefix;
        this.store = store;
        this.workers = workers;
        this.augment = augment;
        this.progress = progress;
        this.total = total;
        this.known = known;
        this.results = ThreadLocal.withInitial(prefix::allocate);
    }

    /** Goes through the pictures, each in these views; ends early, without the rest, when asked to stop. */
    Result run(List<Picture> pictures, List<View> views, BooleanSupplier stop) {
        return run(pictures, views, null, stop);
    }

    /** The same for the plain views, whose values are collected. */
    Result collect(List<Picture> pictures, Collector collector, BooleanSupplier stop) {
        return run(pictures, List.of(View.plain()), collector, stop);
    }

    private Result run(List<Picture> pictures, List<View> views, @Nullable Collector collector, BooleanSupplier stop) {
        IndexedPicture[] indexed = new IndexedPicture[pictures.size()];
        Skipped[] skipped = new Skipped[pictures.size()];
        int before = computed.get();
        workers.forEach(pictures.size(), i -> {
            if (stop.getAsBoolean()) {
                return;
            }
            Picture picture = pictures.get(i);
            IndexedPicture seen = known.apply(picture.path())
                    .map(hash -> new IndexedPicture(picture, hash))
                    .orElse(null);
            if (seen != null && collector == null && has(seen, views)) {
                indexed[i] = seen;
                advance(views.size(), 0);
                return;
            }
            try {
                byte[] file = PictureFiles.read(picture.path());
                IndexedPicture found = new IndexedPicture(picture, Sha256.of(file));
                for (View view : views) {
                    provide(found, file, view, collector != null);
                    if (collector != null) {
                        collector.take(i, results.get());
                    }
                    advance(1, 0);
                }
                indexed[i] = found;
            } catch (UnreadablePictureException e) {
                skipped[i] = new Skipped(picture.path(), e.reason());
                advance(views.size(), views.size());
            }
        });
        if (store != null) {
            store.flush();
        }
        List<IndexedPicture> sound = present(indexed);
        int newlyComputed = computed.get() - before;
        int hits = store == null ? 0 : Math.max(0, sound.size() * views.size() - newlyComputed);
        return new Result(sound, present(skipped), hits, newlyComputed);
    }

    private synchronized void advance(int views, int lost) {
        done += views;
        unreadable += lost;
        progress.at(done, total, computed.get(), unreadable);
    }

    /** Whether there is nothing to do for a picture that was read before. */
    private boolean has(IndexedPicture picture, List<View> views) {
        FeatureStore kept = store;
        return kept == null || views.stream().allMatch(view -> kept.contains(picture.key(view, augment)));
    }

    /** Sees to it that the store has the values; where they are wanted, that they are in {@link #results}. */
    private void provide(IndexedPicture picture, byte[] file, View view, boolean wanted)
            throws UnreadablePictureException {
        FeatureStore kept = store;
        List<HostTensor> values = results.get();
        String key = picture.key(view, augment);
        if (kept != null && (wanted ? read(kept, key, values) : kept.contains(key))) {
            return;
        }
        boolean keeps = kept != null && kept.keeps();
        if (!wanted && !keeps) {
            prefix.check(file);
        } else {
            prefix.compute(file, view, values);
        }
        if (kept != null || wanted) {
            computed.incrementAndGet();
        }
        if (kept != null && keeps) {
            kept.append(key, StoredFeatures.pack(values, prefix.recordBytes()));
        }
    }

    private boolean read(FeatureStore from, String key, List<HostTensor> values) {
        ByteBuffer record = ByteBuffer.allocate(prefix.recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (!from.read(key, record)) {
            return false;
        }
        StoredFeatures.unpack(record.flip(), values);
        return true;
    }

    private static <T> List<T> present(T[] array) {
        List<T> present = new ArrayList<>();
        for (T element : array) {
            if (element != null) {
                present.add(element);
            }
        }
        return present;
    }
}
