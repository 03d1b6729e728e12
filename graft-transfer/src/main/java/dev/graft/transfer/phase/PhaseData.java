package dev.graft.transfer.phase;

import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.data.View;
import dev.graft.dataset.Batches;
import dev.graft.dataset.Dataset;
import dev.graft.encoder.ImageEncoder;
import dev.graft.model.Cut;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.preprocessing.Augmentation;
import dev.graft.tensor.Shape;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent.Pass;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.config.BatchNormPolicy;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.features.CacheUse;
import dev.graft.transfer.features.EpochOrder;
import dev.graft.transfer.features.ExtractedFeatures;
import dev.graft.transfer.features.FeatureBatches;
import dev.graft.transfer.features.FeatureExtraction;
import dev.graft.transfer.features.FeatureSource;
import dev.graft.transfer.features.FeatureStore;
import dev.graft.transfer.features.FrozenPass;
import dev.graft.transfer.features.IndexedPicture;
import dev.graft.transfer.features.LiveFeatures;
import dev.graft.transfer.features.OpenStore;
import dev.graft.transfer.features.StoredFeatures;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.transfer.plan.PlannedPhase;
import dev.graft.transfer.plan.PreparedRun;
import dev.graft.transfer.split.DataSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a phase trains on: the boundary values of the frozen prefix, from memory or the store where there is one, or the
 * pictures themselves where nothing is frozen. Opening it runs the prefix over every picture whose values are nowhere.
 */
public final class PhaseData implements AutoCloseable {
    private static final int FEATURES_AT_ONCE = 256;
    private static final int FEATURES_RANK = 2;

    private final Source source;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Program program;
    private final List<Shape> shapes;
    private final List<Batches> parts = new ArrayList<>();
    private final List<List<Picture>> pictures = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private @Nullable ImageEncoder prefix;
    private int hits;
    private int computed;
    private long cacheBytes;

    private PhaseData(Source source, Program program) {
        this.source = source;
        this.program = program;
        this.shapes = program.inputs();
    }

    /**
     * What a phase needs to find its data.
     *
     * @param name of the phase, for whoever is told of the pass
     * @param network in which just what the phase trains is trainable
     * @param views of each training picture
     */
    public record Source(
            String name,
            TransferNetwork network,
            FeatureExtraction extraction,
            DataSplit split,
            ResolvedSettings settings,
            int views,
            RunContext context) {
        /** Of a planned phase. */
        public static Source of(PlannedPhase phase, TransferNetwork network, PreparedRun run, RunContext context) {
            int views = phase instanceof PlannedPhase.TuningPhase tuning
                    ? run.settings()
                            .tuningViews(
                                    !network.network().cut().hasFrozenWeights(),
                                    tuning.phase().epochs())
                    : run.settings().headViews();
            return new Source(phase.name(), network, run.extraction(), run.split(), run.settings(), views, context);
        }

        private List<String> classes() {
            return split.splits().train().classes();
        }

        private FrozenPass.Progress progress() {
            return FrozenPass.Progress.told(name, context.listener());
        }

        /** Whether the phase trains on the extracted features: nothing of the backbone trains. */
        private boolean isOnFeatures() {
            return network.network()
                    .layer(TransferNetwork.BACKBONE)
                    .trainableWeights()
                    .isEmpty();
        }
    }

    /**
     * Opens the data of a phase.
     *
     * @param parts pictures to train on, to validate on, and further ones to test on; all went through the feature extraction
     */
    public static PhaseData open(Source source, List<List<Picture>> parts) {
        Network network = source.network().network();
        // A head that keeps examples trains nothing, and is no part of what is frozen yet.
        Cut cut = source.isOnFeatures() ? network.cut(PhaseData::isOfHead) : network.cut();
        PhaseData data = new PhaseData(source, cut.hasFrozenWeights() ? cut.suffix() : network.program());
        try {
            if (!cut.hasFrozenWeights()) {
                data.openPictures(parts);
            } else if (source.isOnFeatures() && source.extraction().holdsFeatures() && source.views() == 1) {
                data.openMemory(parts);
            } else {
                data.openFeatures(source.isOnFeatures() ? source.extraction().program() : cut.prefix(), parts);
            }
            return data;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static boolean isOfHead(Program.Step step) {
        return step.path().equals(TransferNetwork.HEAD) || step.path().startsWith(TransferNetwork.HEAD + ".");
    }

    private void openMemory(List<List<Picture>> pictureParts) {
        FeatureSource features = new ExtractedFeatures(source.extraction(), null);
        for (int part = 0; part < pictureParts.size(); part++) {
            List<IndexedPicture> sound = known(pictureParts.get(part));
            parts.add(new FeatureBatches(
                    sound,
                    views(part),
                    shapes,
                    features,
                    source.context().workers(),
                    order(part, sound, evaluated()),
                    weight(part)));
        }
    }

    private void openFeatures(Program frozen, List<List<Picture>> pictureParts) {
        ImageEncoder opened = ImageEncoder.of(frozen, source.network().network().weights(), reader());
        open.add(opened);
        prefix = opened;
        String augment = augmentation().key();
        long bytes = count(pictureParts, source.views()) * opened.outputBytes();
        FrozenPass.Progress progress = source.progress();
        OpenStore opening = OpenStore.of(source.settings().decided(), opened, bytes, progress::lost);
        open.add(opening);
        FeatureStore store = opening.orNull();
        progress.begins(store == null ? Pass.NOT_KEPT : Pass.KEPT, bytes);
        boolean extracted = source.isOnFeatures();
        long views = extracted
                ? (long) pictureParts.get(0).size() * (source.views() - 1)
                : count(pictureParts, source.views());
        int wanted = (int) Math.min(Integer.MAX_VALUE, views);
        FrozenPass pass = new FrozenPass(
                opened, store, source.context().workers(), augment, progress, wanted, source.extraction()::hash);
        FeatureSource live = new LiveFeatures(opened);
        FeatureSource features = store == null ? live : new StoredFeatures(store, live, opened.outputBytes(), augment);
        if (extracted && source.extraction().holdsFeatures()) {
            features = new ExtractedFeatures(source.extraction(), features);
        }
        for (int part = 0; part < pictureParts.size(); part++) {
            List<View> all = views(part);
            List<View> missing = extracted ? all.subList(1, all.size()) : all;
            List<IndexedPicture> sound = store == null || missing.isEmpty()
                    ? known(pictureParts.get(part))
                    : look(pass, pictureParts.get(part), missing);
            parts.add(new FeatureBatches(
                    sound,
                    all,
                    shapes,
                    features,
                    source.context().workers(),
                    order(part, sound, evaluated()),
                    weight(part)));
        }
        cacheBytes = opening.bytes();
    }

    private void openPictures(List<List<Picture>> pictureParts) {
        source.progress().begins(Pass.NOTHING_FROZEN, 0);
        int batch = source.settings().get(RunSettings.BATCH);
        int threads = source.settings().get(RunSettings.THREADS);
        for (int part = 0; part < pictureParts.size(); part++) {
            List<IndexedPicture> sound = known(pictureParts.get(part));
            EpochOrder order = order(part, sound, batch);
            PictureSet set = new PictureSet(source.classes(), pictures.get(part));
            parts.add(Dataset.ofPictures(
                            set, source.split()::weight, source.network().geometry())
                    .assumeReadable()
                    .augment(augmentation(), source.settings().get(RunSettings.SEED), part == 0 ? source.views() : 1)
                    .inOrder(epoch -> order.of(sound.size(), epoch))
                    .batch(order.batchSize())
                    .threads(threads));
        }
    }

    private Augmentation augmentation() {
        return source.settings().get(RunSettings.AUGMENT);
    }

    private PictureReader reader() {
        return PictureReader.of(source.network().geometry()).augment(augmentation());
    }

    /** The pictures as the feature extraction found them. */
    private List<IndexedPicture> known(List<Picture> part) {
        List<IndexedPicture> found = part.stream()
                .flatMap(picture ->
                        source
                                .extraction()
                                .hash(picture.path())
                                .map(hash -> new IndexedPicture(picture, hash))
                                .stream())
                .toList();
        pictures.add(found.stream().map(IndexedPicture::picture).toList());
        return found;
    }

    private List<IndexedPicture> look(FrozenPass pass, List<Picture> part, List<View> missing) {
        FrozenPass.Result found = pass.run(part, missing, source.context().stop());
        hits += found.hits();
        computed += found.computed();
        skipped.addAll(found.skipped());
        pictures.add(found.pictures().stream().map(IndexedPicture::picture).toList());
        return found.pictures();
    }

    /** How much pictures of a part count; null where all count alike. */
    private @Nullable ToDoubleFunction<Picture> weight(int part) {
        return part == DataSplit.TRAIN && source.split().isWeighted() ? source.split()::weight : null;
    }

    /** How many views there are in all, with so many of each training picture. */
    private static long count(List<List<Picture>> parts, int trainingViews) {
        long plain = parts.stream().mapToLong(List::size).sum();
        return plain + (long) parts.get(0).size() * (trainingViews - 1);
    }

    private List<View> views(int part) {
        return IntStream.range(0, part == 0 ? source.views() : 1)
                .mapToObj(number -> number == 0
                        ? View.plain()
                        : new View(number, source.settings().get(RunSettings.SEED)))
                .toList();
    }

    /** Features are evaluated many at a time, activations with height and width as in training. */
    private int evaluated() {
        int batch = source.settings().get(RunSettings.BATCH);
        return onVectors() ? Math.max(FEATURES_AT_ONCE, batch) : batch;
    }

    /** How many cores a step uses: one on features, where sharing it out would take longer, up to tenfold on a busy machine. */
    public int threads() {
        return onVectors() ? 1 : source.settings().get(RunSettings.THREADS);
    }

    /** Whether what comes in are features, not maps. */
    public boolean onVectors() {
        return shapes.stream().allMatch(shape -> shape.rank() == FEATURES_RANK);
    }

    private EpochOrder order(int part, List<IndexedPicture> examples, int evaluatedAtOnce) {
        ResolvedSettings settings = source.settings();
        // Batches have room for as many examples as they may have, which are no more than there are.
        int most = Math.max(1, examples.size());
        if (part > 0) {
            return EpochOrder.plain(Math.min(most, evaluatedAtOnce));
        }
        boolean moving = settings.get(TuningSettings.BATCH_NORM) == BatchNormPolicy.MOVING && !source.isOnFeatures();
        EpochOrder order = EpochOrder.shuffled(
                        Math.min(most, settings.get(RunSettings.BATCH)), settings.get(RunSettings.SEED))
                .inCompany(moving);
        return settings.get(DataSettings.BALANCE) == Balance.SAMPLING
                ? order.balanced(examples.stream()
                        .map(picture -> picture.picture().label())
                        .toList())
                : order;
    }

    /** What a trainer runs in each step on these batches. */
    public Program program() {
        return program;
    }

    public Batches batches(int part) {
        return parts.get(part);
    }

    /** How many parts there are. */
    public int parts() {
        return parts.size();
    }

    /** The sound pictures by part, in the order of its unshuffled batches. */
    public List<List<Picture>> allPictures() {
        return pictures;
    }

    /** The class of each picture of a part. */
    public int[] labels(int part) {
        return pictures.get(part).stream().mapToInt(Picture::label).toArray();
    }

    /** Which share of the pass over the pictures went into decoding them. */
    public double decodeShare() {
        ImageEncoder used = prefix;
        return used == null ? 1 : used.decodeShare();
    }

    public List<Skipped> skipped() {
        return skipped;
    }

    public CacheUse cacheUse() {
        return new CacheUse(hits, computed, cacheBytes);
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
