package dev.graft.transfer.audit;

import dev.graft.GraftException;
import dev.graft.Workers;
import dev.graft.audit.DataCare;
import dev.graft.audit.NearCopies;
import dev.graft.audit.SuspectLabels;
import dev.graft.data.InputGeometry;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureFiles;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureReader;
import dev.graft.data.Skipped;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.dataset.Grid;
import dev.graft.encoder.ImageEncoder;
import dev.graft.encoder.ImagePass;
import dev.graft.heads.FeatureTable;
import dev.graft.heads.LinearSolver;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.network.FeatureExtractor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
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
    public static FolderAudit of(LabelledPictures folder, BackboneSource backbone, int threads, IntConsumer progress) {
        List<Picture> pictures = folder.allPictures();
        Map<String, Integer> counts = new LinkedHashMap<>();
        folder.classes().forEach(name -> counts.put(name, 0));
        pictures.forEach(picture -> counts.merge(folder.train().className(picture), 1, Integer::sum));
        PictureGroups copies = PictureGroups.copies(pictures);
        DataCare care = DataCare.of(pictures, copies);
        FeatureExtractor extractor = FeatureExtractor.of(backbone);
        try (ImageEncoder encoder = ImageEncoder.of(extractor.network(), extractor.geometry());
                Workers workers = new Workers(threads)) {
            List<ImagePass.Seen<float[]>> seen = ImagePass.by(workers)
                    .progress(progress)
                    .over(pictures.stream().map(Picture::path).toList(), (index, file) -> encoder.encode(file));
            List<Skipped> skipped = new ArrayList<>();
            List<Path> sound = new ArrayList<>();
            List<float[]> rows = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            for (int i = 0; i < seen.size(); i++) {
                Path path = pictures.get(i).path();
                float[] features = seen.get(i).value();
                if (features == null) {
                    skipped.add(new Skipped(path, String.valueOf(seen.get(i).unreadable())));
                } else {
                    sound.add(path);
                    rows.add(features);
                    labels.add(pictures.get(i).label());
                }
            }
            return new FolderAudit(
                    Collections.unmodifiableMap(counts),
                    skipped,
                    sound,
                    copies.groups(),
                    care.contradictions(),
                    withoutCopies(NearCopies.of(rows, NearCopies.THRESHOLD, workers), sound, copies),
                    suspects(rows, labels, folder.classes().size(), threads),
                    extractor.geometry(),
                    encoder.reader().darkNote().stream().toList());
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
        FeatureTable table = FeatureTable.of(rows, given, classes);
        LinearSolver solver = LinearSolver.logistic(SEED).on(Engine.cpu(threads));
        List<float[]> logits =
                solver.outOfFold(table, solver.fit(table).regularisation()).rows();
        return SuspectLabels.of(logits.toArray(float[][]::new), given);
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
