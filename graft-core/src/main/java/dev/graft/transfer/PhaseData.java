package dev.graft.transfer;

import dev.graft.Workers;
import dev.graft.data.Augment;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.View;
import dev.graft.dataset.Batches;
import dev.graft.model.Cut;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.transfer.TransferEvent.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a phase trains on: the boundary values of the frozen prefix, from the store where there is one, or the pictures
 * themselves where nothing is frozen. Opening it runs the prefix over every picture that the store does not have.
 */
final class PhaseData implements AutoCloseable {
    private static final int FEATURES_AT_ONCE = 256;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final FrozenPrefix prefix;
    private final Program program;
    private final List<Batches> parts = new ArrayList<>();
    private final List<List<Picture>> pictures = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private int hits;
    private int computed;
    private long cacheBytes;

    private PhaseData(FrozenPrefix prefix, Program program) {
        this.prefix = prefix;
        this.program = program;
        open.add(prefix);
    }

    /** What a phase needs to find its data. */
    record Source(
            TransferNetwork network,
            TransferSettings settings,
            Workers workers,
            FrozenPass.Progress progress,
            BooleanSupplier stop) {}

    /**
     * Opens the data of a phase for the network as it is frozen now.
     *
     * @param parts pictures to train on, to validate on, and further ones to test on
     */
    static PhaseData open(Source source, List<List<Picture>> parts) {
        Cut cut = source.network().network().cut();
        PictureReader reader = PictureReader.of(source.network().geometry()).augment(Augment.standard());
        Network network = source.network().network();
        FrozenPrefix prefix = new FrozenPrefix(network, cut.prefix(), reader);
        PhaseData data = new PhaseData(prefix, cut.hasFrozenWeights() ? cut.suffix() : network.program());
        try {
            if (cut.hasFrozenWeights()) {
                data.openFeatures(source, prefix, parts);
            } else {
                data.openPictures(source, reader, prefix, parts);
            }
            return data;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private void openFeatures(Source source, FrozenPrefix prefix, List<List<Picture>> pictureParts) {
        TransferSettings settings = source.settings();
        String augment = Augment.standard().toString();
        long bytes = (long) count(pictureParts, settings.views()) * prefix.recordBytes();
        FeatureStore store = openStore(settings.cache(), prefix, bytes);
        int wanted = store == null ? count(pictureParts, 1) : count(pictureParts, settings.views());
        source.progress().begins(store == null ? Pass.NOT_KEPT : Pass.KEPT, bytes);
        FrozenPass pass = new FrozenPass(prefix, store, source.workers(), augment, source.progress(), wanted);
        FeatureSource live = new LiveFeatures(prefix);
        FeatureSource features = store == null ? live : new StoredFeatures(store, live, prefix.recordBytes(), augment);
        for (int part = 0; part < pictureParts.size(); part++) {
            List<View> partViews = views(settings, part);
            List<View> passViews = store == null ? List.of(View.plain()) : partViews;
            List<IndexedPicture> sound = look(pass, pictureParts.get(part), passViews, source.stop());
            EpochOrder order = part == 0 ? training(settings, sound) : EpochOrder.plain(evaluated(prefix, settings));
            parts.add(new FeatureBatches(sound, partViews, prefix.outputs(), features, source.workers(), order));
        }
        cacheBytes = store == null ? 0 : store.bytes();
    }

    private @Nullable FeatureStore openStore(TransferSettings.Cache cache, FrozenPrefix prefix, long bytes) {
        // A store that cannot hold this run would evict what the run still needs.
        if (!cache.enabled() || bytes > cache.capBytes()) {
            return null;
        }
        FeatureStore store = FeatureStore.open(cache.folder(), prefix.key(), prefix.recordBytes(), cache.capBytes());
        open.add(store);
        return store;
    }

    private void openPictures(
            Source source, PictureReader reader, FrozenPrefix prefix, List<List<Picture>> pictureParts) {
        TransferSettings settings = source.settings();
        int wanted = count(pictureParts, 1);
        source.progress().begins(Pass.NOTHING_FROZEN, 0);
        FrozenPass check = new FrozenPass(prefix, null, source.workers(), "", source.progress(), wanted);
        for (int part = 0; part < pictureParts.size(); part++) {
            List<IndexedPicture> sound = look(check, pictureParts.get(part), List.of(View.plain()), source.stop());
            EpochOrder order = part == 0 ? training(settings, sound) : EpochOrder.plain(settings.batchSize());
            var batches = new PictureFileBatches(sound, views(settings, part), reader, settings.threads(), order);
            open.add(batches);
            parts.add(batches);
        }
    }

    private List<IndexedPicture> look(FrozenPass pass, List<Picture> part, List<View> views, BooleanSupplier stop) {
        FrozenPass.Result found = pass.run(part, views, stop);
        hits += found.hits();
        computed += found.computed();
        skipped.addAll(found.skipped());
        pictures.add(found.pictures().stream().map(IndexedPicture::picture).toList());
        return found.pictures();
    }

    /** How many views there are in all, with so many of each training picture. */
    private static int count(List<List<Picture>> parts, int trainingViews) {
        int plain = parts.stream().mapToInt(List::size).sum();
        return Math.addExact(plain, Math.multiplyExact(parts.get(0).size(), trainingViews - 1));
    }

    private static List<View> views(TransferSettings settings, int part) {
        return IntStream.range(0, part == 0 ? settings.views() : 1)
                .mapToObj(number -> number == 0 ? View.plain() : new View(number, settings.seed()))
                .toList();
    }

    /** Features are evaluated many at a time, activations with height and width as in training. */
    private static int evaluated(FrozenPrefix prefix, TransferSettings settings) {
        boolean features = prefix.outputs().stream().allMatch(shape -> shape.rank() == 2);
        return features ? Math.max(FEATURES_AT_ONCE, settings.batchSize()) : settings.batchSize();
    }

    private static EpochOrder training(TransferSettings settings, List<IndexedPicture> pictures) {
        EpochOrder order = EpochOrder.shuffled(settings.batchSize(), settings.seed());
        return settings.data().balance() == Balance.SAMPLING
                ? order.balanced(pictures.stream()
                        .map(picture -> picture.picture().label())
                        .toList())
                : order;
    }

    /** What a trainer runs in each step on these batches. */
    Program program() {
        return program;
    }

    Batches batches(int part) {
        return parts.get(part);
    }

    /** The sound pictures by part, in the order of its unshuffled batches. */
    List<List<Picture>> allPictures() {
        return pictures;
    }

    /** Which share of the pass over the pictures went into decoding them. */
    double decodeShare() {
        return prefix.decodeShare();
    }

    List<Skipped> skipped() {
        return skipped;
    }

    int hits() {
        return hits;
    }

    int computed() {
        return computed;
    }

    /** The bytes of the whole cache on disk; 0 where there is none. */
    long cacheBytes() {
        return cacheBytes;
    }

    @Override
    public void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            try {
                open.get(i).close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        open.clear();
    }
}
