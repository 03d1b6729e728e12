package dev.graft.transfer.features;

import dev.graft.Message;
import dev.graft.Sha256;
import dev.graft.Workers;
import dev.graft.data.Picture;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.encoder.ImageEncoder;
import dev.graft.encoder.ImagePass;
import dev.graft.tensor.HostTensor;
import dev.graft.transfer.TransferEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
public final class FrozenPass {
    /**
     * What the pass found.
     *
     * @param pictures those that are sound, in order
     * @param skipped those that are not
     * @param hits views that the store had
     * @param computed views that were computed
     */
    public record Result(List<IndexedPicture> pictures, List<Skipped> skipped, int hits, int computed) {}

    /** Is told of the pass, one call at a time; the numbers are those of {@link TransferEvent.FrozenPass}. */
    public interface Progress {
        void begins(TransferEvent.Pass pass, long bytes);

        void at(int done, int total, int computed, int unreadable);

        /** The store keeps nothing more; says why. */
        void lost(Message message);

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
                public void lost(Message message) {
                    listener.accept(new TransferEvent.CacheLost(message));
                }
            };
        }
    }

    /** Is given the boundary values of pictures, from several threads at once. */
    public interface Collector {
        void take(int picture, List<HostTensor> values);
    }

    private final ImageEncoder encoder;
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
    public FrozenPass(
            ImageEncoder encoder,
            @Nullable FeatureStore store,
            Workers workers,
            String augment,
            Progress progress,
            int total,
            Function<Path, Optional<String>> known) {
        this.encoder = encoder;
        this.store = store;
        this.workers = workers;
        this.augment = augment;
        this.progress = progress;
        this.total = total;
        this.known = known;
        this.results = ThreadLocal.withInitial(encoder::allocate);
    }

    /** Goes through the pictures, each in these views; ends early, without the rest, when asked to stop. */
    public Result run(List<Picture> pictures, List<View> views, BooleanSupplier stop) {
        return run(pictures, views, null, stop);
    }

    /** The same for the plain views, whose values are collected. */
    public Result collect(List<Picture> pictures, Collector collector, BooleanSupplier stop) {
        return run(pictures, List.of(View.plain()), collector, stop);
    }

    private Result run(List<Picture> pictures, List<View> views, @Nullable Collector collector, BooleanSupplier stop) {
        IndexedPicture[] indexed = new IndexedPicture[pictures.size()];
        int before = computed.get();
        List<Integer> unseen = new ArrayList<>();
        for (int i = 0; i < indexed.length; i++) {
            IndexedPicture readBefore = readBefore(pictures.get(i));
            if (readBefore != null && collector == null && has(readBefore, views)) {
                indexed[i] = readBefore;
                advance(views.size(), 0);
            } else {
                unseen.add(i);
            }
        }
        List<ImagePass.Seen<IndexedPicture>> seen = ImagePass.by(workers)
                .stopWhen(stop)
                .over(
                        unseen.stream().map(i -> pictures.get(i).path()).toList(),
                        (index, file) -> look(unseen.get(index), pictures, file, views, collector));
        List<Skipped> skipped = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            int picture = unseen.get(i);
            indexed[picture] = seen.get(i).value();
            String unreadable = seen.get(i).unreadable();
            if (unreadable != null) {
                skipped.add(new Skipped(pictures.get(picture).path(), unreadable));
            }
        }
        if (store != null) {
            store.flush();
        }
        List<IndexedPicture> readable =
                Arrays.stream(indexed).filter(Objects::nonNull).toList();
        int newlyComputed = computed.get() - before;
        int hits = store == null ? 0 : Math.max(0, readable.size() * views.size() - newlyComputed);
        return new Result(readable, skipped, hits, newlyComputed);
    }

    /** What this run knows of a picture without reading it; null for nothing. */
    private @Nullable IndexedPicture readBefore(Picture picture) {
        return known.apply(picture.path())
                .map(hash -> new IndexedPicture(picture, hash))
                .orElse(null);
    }

    private IndexedPicture look(
            int index, List<Picture> pictures, byte[] file, List<View> views, @Nullable Collector collector)
            throws UnreadablePictureException {
        IndexedPicture picture = new IndexedPicture(pictures.get(index), Sha256.of(file));
        int given = 0;
        try {
            for (View view : views) {
                provide(picture, file, view, collector != null);
                if (collector != null) {
                    collector.take(index, results.get());
                }
                given++;
                advance(1, 0);
            }
            return picture;
        } catch (UnreadablePictureException e) {
            advance(views.size() - given, views.size() - given);
            throw e;
        }
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
            encoder.check(file);
        } else {
            encoder.encode(file, view, values);
        }
        if (kept != null || wanted) {
            computed.incrementAndGet();
        }
        if (kept != null && keeps) {
            kept.append(key, StoredFeatures.pack(values, encoder.outputBytes()));
        }
    }

    private boolean read(FeatureStore from, String key, List<HostTensor> values) {
        ByteBuffer record = ByteBuffer.allocate(encoder.outputBytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (!from.read(key, record)) {
            return false;
        }
        StoredFeatures.unpack(record.flip(), values);
        return true;
    }
}
