package dev.graft.transfer.features;

import dev.graft.Message;
import dev.graft.Stopwatch;
import dev.graft.data.Picture;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.View;
import dev.graft.encoder.ImageEncoder;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.transfer.RunContext;
import dev.graft.transfer.TransferEvent;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.network.FeatureExtractor;
import dev.graft.transfer.network.TransferNetwork;
import dev.graft.zoo.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The features of all pictures, extracted before they are split: each is read once and goes through the frozen backbone once.
 * They serve everything that follows: the search for near copies, the advice, and the head.
 */
public final class FeatureExtraction {
    private static final int DEPTHS = 5;
    private static final int MAP_RANK = 4;
    private static final long SHARE_OF_HEAP = 4;

    private final Program program;
    private final List<String> depths;
    private final List<IndexedPicture> pictures;
    private final Map<Path, Integer> rows = new HashMap<>();
    private final FrozenPass.Result found;
    private final float @Nullable [][][] values;
    private final double decodeShare;
    private final long cacheBytes;
    private final double seconds;
    private final double passSeconds;

    private FeatureExtraction(
            Program program,
            List<String> depths,
            FrozenPass.Result found,
            float @Nullable [][][] values,
            double decodeShare,
            long cacheBytes,
            double seconds,
            double passSeconds) {
        this.program = program;
        this.depths = depths;
        this.found = found;
        this.pictures = found.pictures();
        this.values = values;
        this.decodeShare = decodeShare;
        this.cacheBytes = cacheBytes;
        this.seconds = seconds;
        this.passSeconds = passSeconds;
        for (int i = 0; i < pictures.size(); i++) {
            rows.put(pictures.get(i).picture().path(), i);
        }
    }

    /** Looks at pictures; ends early when asked to stop, with those that were looked at by then. */
    public static FeatureExtraction of(
            FeatureExtractor extractor, List<Picture> pictures, TransferSettings settings, RunContext context) {
        Stopwatch start = Stopwatch.start();
        Network network = extractor.network();
        List<String> depths = new ArrayList<>();
        Program program = withDepths(network.program(), extractor.stages(), depths);
        PictureReader reader = PictureReader.of(extractor.geometry());
        FrozenPass.Progress progress = FrozenPass.Progress.told(TransferEvent.EXTRACTION, context.listener());
        try (ImageEncoder prefix = ImageEncoder.of(program, network.weights(), reader);
                OpenStore store = OpenStore.of(settings, prefix, bytes(prefix, pictures, settings), progress::lost)) {
            progress.begins(
                    store.isOpen() ? TransferEvent.Pass.KEPT : TransferEvent.Pass.NOT_KEPT,
                    bytes(prefix, pictures, settings));
            FrozenPass pass = new FrozenPass(
                    prefix,
                    store.orNull(),
                    context.workers(),
                    settings.get(RunSettings.AUGMENT).key(),
                    progress,
                    pictures.size(),
                    path -> Optional.empty());
            boolean held = (long) pictures.size() * prefix.outputBytes()
                    < Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
            float[][][] collected = new float[pictures.size()][][];
            Stopwatch begun = Stopwatch.start();
            FrozenPass.Result found = held
                    ? pass.collect(
                            pictures,
                            (picture, outputs) -> collected[picture] =
                                    outputs.stream().map(HostTensor::toArray).toArray(float[][]::new),
                            context.stop())
                    : pass.run(pictures, List.of(View.plain()), context.stop());
            double passed = begun.seconds();
            reader.darkNote().ifPresent(note -> context.tell(new TransferEvent.Noted(new Message(note))));
            return new FeatureExtraction(
                    program,
                    depths,
                    found,
                    held ? sound(pictures, found, collected) : null,
                    prefix.decodeShare(),
                    store.bytes(),
                    start.seconds(),
                    passed);
        }
    }

    private static long bytes(ImageEncoder prefix, List<Picture> pictures, TransferSettings settings) {
        return (long) pictures.size() * settings.headViews() * prefix.outputBytes();
    }

    private static float[][][] sound(List<Picture> pictures, FrozenPass.Result found, float[][][] collected) {
        float[][][] sound = new float[found.pictures().size()][][];
        int at = 0;
        for (int i = 0; i < pictures.size() && at < sound.length; i++) {
            if (found.pictures().get(at).picture().equals(pictures.get(i))) {
                sound[at++] = collected[i];
            }
        }
        return sound;
    }

    /** The same program with the means of feature maps on the way as further outputs. */
    private static Program withDepths(Program program, List<Stage> stages, List<String> names) {
        List<Step> steps = new ArrayList<>(program.steps());
        List<Integer> outputs = new ArrayList<>(program.outputs());
        int most = Math.min(DEPTHS, stages.size() - 1);
        for (int depth = 1; depth <= most; depth++) {
            int index = Math.max(1, Math.round((float) depth * stages.size() / (most + 1)));
            Stage next = stages.get(index);
            Step first = program.steps().stream()
                    .filter(step -> step.path().startsWith(TransferNetwork.BACKBONE + ".")
                            && next.beginsWith(step.path().substring(TransferNetwork.BACKBONE.length() + 1)))
                    .findFirst()
                    .orElseThrow();
            int map = first.inputs().get(0);
            Shape shape = program.shapeOf(map);
            String name = stages.get(index - 1).name();
            if (shape.rank() != MAP_RANK || names.contains(name)) {
                continue;
            }
            var pooling = GlobalAveragePooling2D.of();
            steps.add(new Step(
                    "depths." + name,
                    pooling,
                    List.of(map),
                    List.of(shape),
                    pooling.outputShape(List.of(shape)),
                    true));
            outputs.add(program.inputs().size() + steps.size() - 1);
            names.add(name);
        }
        return new Program(program.inputs(), steps, outputs);
    }

    /** The program that was run: its first output are the features, the others the means at {@link #depths}. */
    public Program program() {
        return program;
    }

    /** The last stage that is after each further output. */
    public List<String> depths() {
        return depths;
    }

    /** The sound pictures. */
    public List<IndexedPicture> pictures() {
        return pictures;
    }

    public List<Skipped> skipped() {
        return found.skipped();
    }

    /** Whether features are held in memory; of very many pictures they are not. */
    public boolean holdsFeatures() {
        return values != null;
    }

    /** The features of a sound picture. */
    public float[] features(Picture picture) {
        return at(rows.getOrDefault(picture.path(), -1), 0);
    }

    /** The means of its map at a depth, counted from 0. */
    public float[] means(Picture picture, int depth) {
        return at(rows.getOrDefault(picture.path(), -1), depth + 1);
    }

    private float[] at(int row, int output) {
        if (values == null || row < 0) {
            throw new IllegalStateException("no features are held for the picture");
        }
        return values[row][output];
    }

    public Optional<IndexedPicture> find(Path path) {
        return Optional.ofNullable(rows.get(path)).map(pictures::get);
    }

    public Optional<String> hash(Path path) {
        return find(path).map(IndexedPicture::hash);
    }

    public CacheUse cacheUse() {
        return new CacheUse(found.hits(), found.computed(), cacheBytes);
    }

    public double decodeShare() {
        return decodeShare;
    }

    public double seconds() {
        return seconds;
    }

    /** Of them those of the pass alone, once everything was open. */
    public double passSeconds() {
        return passSeconds;
    }
}
