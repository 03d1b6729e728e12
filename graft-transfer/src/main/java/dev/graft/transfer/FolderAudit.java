package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.audit.DataCare;
import dev.graft.audit.NearCopies;
import dev.graft.audit.SuspectLabels;
import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.dataset.Grid;
import dev.graft.heads.FeatureTable;
import dev.graft.heads.LinearSolver;
import dev.graft.model.Penultimate;
import dev.graft.model.Program;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a folder of pictures.
 *
 * @param counts pictures of each class, in all parts
 * @param skipped pictures that cannot be read
 * @param sound those that can
 * @param copies groups of files that are the same to the byte
 * @param contradictions those of them that lie in more than one class
 * @param near pairs of sound pictures that show nearly the same and are no copies to the byte, the nearest first
 * @param suspects sound pictures whose labels are probably wrong, the most suspicious first; null where a class has too few
 *     to hold some out
 * @param geometry how pictures were looked at
 * @param remarks what else a user should know, a line each
 */
public record FolderAudit(
        Map<String, Integer> counts,
        List<Skipped> skipped,
        List<Path> sound,
        List<List<Path>> copies,
        List<List<Path>> contradictions,
        List<NearCopies.Pair> near,
        @Nullable List<SuspectLabels.Suspect> suspects,
        InputGeometry geometry,
        List<String> remarks) {
    private static final int DRAWN = 4;
    private static final int SUSPECTS_DRAWN = 16;
    private static final long SEED = 42;

    /**
     * Looks through a folder; each picture goes once through the backbone.
     *
     * @param progress is told how many pictures are done
     */
    public static FolderAudit of(ImageFolder folder, TransferSettings.Base base, int threads, IntConsumer progress) {
        List<Picture> pictures = folder.allPictures();
        Map<String, Integer> counts = new LinkedHashMap<>();
        folder.classes().forEach(name -> counts.put(name, 0));
        pictures.forEach(picture -> counts.merge(folder.train().className(picture), 1, Integer::sum));
        PictureGroups copies = PictureGroups.copies(pictures);
        DataCare care = DataCare.of(pictures, copies);
        TransferNetwork network = TransferNetwork.of(base, folder.classes().size(), 0);
        try (Workers workers = new Workers(threads)) {
            float[][] features = new float[pictures.size()][];
            Skipped[] skipped = new Skipped[pictures.size()];
            List<String> remarks = look(network, pictures, workers, features, skipped, progress);
            List<Path> sound = new ArrayList<>();
            List<float[]> rows = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            for (int i = 0; i < features.length; i++) {
                if (features[i] != null) {
                    sound.add(pictures.get(i).path());
                    rows.add(features[i]);
                    labels.add(pictures.get(i).label());
                }
            }
            return new FolderAudit(
                    Collections.unmodifiableMap(counts),
                    Arrays.stream(skipped).flatMap(Stream::ofNullable).toList(),
                    sound,
                    copies.groups(),
                    care.contradictions(),
                    withoutCopies(NearCopies.of(rows, NearCopies.THRESHOLD, workers), sound, copies),
                    suspects(rows, labels, folder.classes().size(), threads),
                    network.geometry(),
                    remarks);
        }
    }

    /** By a linear head that is cross-validated on the features. */
    private static @Nullable List<SuspectLabels.Suspect> suspects(
            List<float[]> rows, List<Integer> labels, int classes, int threads) {
        int[] given = labels.stream().mapToInt(Integer::intValue).toArray();
        int[] counts = new int[classes];
        IntStream.of(given).forEach(label -> counts[label]++);
        if (IntStream.of(counts).anyMatch(count -> count < LinearSolver.FOLDS)) {
            return null;
        }
        int width = rows.get(0).length;
        HostTensor features = HostTensor.allocate(Shape.of(rows.size(), width));
        for (int row = 0; row < rows.size(); row++) {
            features.values().position(row * width).put(rows.get(row));
        }
        Torch.setThreads(threads);
        FeatureTable table = new FeatureTable(features, given, classes);
        LinearSolver solver = LinearSolver.logistic(SEED);
        List<float[]> logits =
                solver.outOfFold(table, solver.fit(table).regularisation()).rows();
        return SuspectLabels.of(logits.toArray(float[][]::new), given);
    }

    /** What the reader has to say at the end. */
    private static List<String> look(
            TransferNetwork network,
            List<Picture> pictures,
            Workers workers,
            float[][] features,
            Skipped[] skipped,
            IntConsumer progress) {
        Program program = Penultimate.of(network.network().program()).orElseThrow();
        PictureReader reader = PictureReader.of(network.geometry());
        int size = network.geometry().size();
        ThreadLocal<HostTensor> pixels = ThreadLocal.withInitial(() -> HostTensor.allocate(Shape.of(1, 3, size, size)));
        int[] done = {0};
        try (OnnxSession session =
                OnnxSession.open(OnnxGraph.of(program, network.network().weights()), 1)) {
            workers.forEach(pictures.size(), i -> {
                Path path = pictures.get(i).path();
                try {
                    HostTensor input = pixels.get();
                    reader.read(PictureFiles.read(path), View.plain(), input.values());
                    features[i] = session.run(List.of(input)).get(1).toArray();
                } catch (UnreadablePictureException e) {
                    skipped[i] = new Skipped(path, e.reason());
                }
                synchronized (done) {
                    progress.accept(++done[0]);
                }
            });
        }
        return reader.darkNote().stream().toList();
    }

    private static List<NearCopies.Pair> withoutCopies(
            List<NearCopies.Pair> pairs, List<Path> sound, PictureGroups copies) {
        List<Set<Path>> groups =
                copies.groups().stream().<Set<Path>>map(HashSet::new).toList();
        return pairs.stream()
                .filter(pair -> groups.stream()
                        .noneMatch(group ->
                                group.contains(sound.get(pair.first())) && group.contains(sound.get(pair.second()))))
                .toList();
    }

    public int pictures() {
        return sound.size() + skipped.size();
    }

    /**
     * The nearest pairs, side by side as the backbone sees them.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Grid grid() {
        List<Grid.Cell> cells = new ArrayList<>();
        near.stream().limit(DRAWN).forEach(pair -> {
            cells.add(cell(sound.get(pair.first())));
            cells.add(cell(sound.get(pair.second())));
        });
        return new Grid(cells, 0, 255);
    }

    /**
     * The pictures whose labels are most likely wrong, each with the label that it has and the one that it seems to deserve.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Grid suspectGrid() {
        List<String> classes = List.copyOf(counts.keySet());
        List<SuspectLabels.Suspect> drawn = suspects == null ? List.of() : suspects;
        return new Grid(
                drawn.stream()
                        .limit(SUSPECTS_DRAWN)
                        .map(suspect -> cell(
                                sound.get(suspect.index()),
                                classes.get(suspect.given()) + ", or " + classes.get(suspect.likely()) + "?"))
                        .toList(),
                0,
                255);
    }

    private Grid.Cell cell(Path path) {
        return cell(path, String.valueOf(path.getFileName()));
    }

    private Grid.Cell cell(Path path, String title) {
        int size = geometry.size();
        HostTensor pixels = HostTensor.allocate(Shape.of(3, size, size));
        try {
            PictureReader.of(geometry).read(PictureFiles.read(path), View.plain(), pixels.values());
        } catch (UnreadablePictureException e) {
            throw new GraftException(
                    path + ": changed during the audit, now " + e.reason() + "; leave the pictures alone until it ends",
                    e);
        }
        return new Grid.Cell(pixels, title);
    }
}
