package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.Sha256;
import dev.graft.Spelling;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.PredictedFile;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.Program.Step;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * An old classifier that a new run starts from: with its backbone as it is, at its image size. The head is made from
 * the folder, which therefore holds all pictures that the model is to know, old ones and new ones.
 *
 * @param file where it is; what a run gives may replace it
 * @param sha256 of that file, in hex digits
 * @param bundle all of it
 * @param dropsClasses whether classes of it may be missing from the folder, and are forgotten
 */
public record PreviousModel(Path file, String sha256, Bundle bundle, boolean dropsClasses) {
    private static final String POOLING = "pooling";

    /**
     * Reads a bundle whole and tries it out.
     *
     * @throws GraftException if it is not valid, or its backbone is none that a run could start from
     */
    public static PreviousModel read(Path file) {
        Bundle bundle = Bundle.read(file);
        PreviousModel old = new PreviousModel(file, hash(file), bundle, false);
        old.base();
        Classifier.open(bundle, file.toString(), 1).close();
        return old;
    }

    private static String hash(Path file) {
        try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), Sha256.digest());
                InputStream in = Files.newInputStream(file)) {
            in.transferTo(out);
            return Sha256.hex(out.getMessageDigest());
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be read: " + e.getMessage() + "; check the path and permissions", e);
        }
    }

    /** The same where classes may be forgotten, or may not. */
    public PreviousModel dropClasses(boolean allowed) {
        return new PreviousModel(file, sha256, bundle, allowed);
    }

    /** The classes among these that the old model does not know. */
    public List<String> added(List<String> classes) {
        return without(classes, bundle.labels());
    }

    /** The classes of the old model that are not among these. */
    public List<String> dropped(List<String> classes) {
        return without(bundle.labels(), classes);
    }

    private static List<String> without(List<String> classes, List<String> others) {
        return classes.stream().filter(name -> !Spelling.contains(others, name)).toList();
    }

    /** The old backbone. */
    TransferSettings.Base base() {
        if (bundle.network().program().steps().stream().anyMatch(step -> step.layer() instanceof ForeignGraph)) {
            throw new GraftException(file + ": its backbone came from an ONNX file, which stays frozen, so there is"
                    + " nothing learnt to start from; train again with --backbone FILE.onnx and all pictures");
        }
        String name = bundle.network().model().name();
        Pretrained pretrained = Zoo.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new GraftException(
                                file + ": its network '" + name + "' is none of those that"
                                        + " 'graft models' lists, so it cannot be drawn with a new head; train again without --continue"));
        int size = bundle.geometry().size();
        boolean usual = pretrained.geometry().equals(bundle.geometry());
        if (!usual && !pretrained.geometry().withSize(size).equals(bundle.geometry())) {
            throw new GraftException(file + ": takes pictures as " + bundle.geometry() + ", this Graft gives them to "
                    + name + " as " + pretrained.geometry().withSize(size) + "; train again without --continue");
        }
        return new TransferSettings.Base(name, file, usual ? 0 : size, null, this);
    }

    /** What the old head takes for features. */
    Pooling pooling() {
        return bundle.network().program().steps().stream()
                .filter(step -> step.path().equals(POOLING))
                .flatMap(step -> Arrays.stream(Pooling.values()).filter(each -> isOf(each, step)))
                .findFirst()
                .orElse(Pooling.FEATURES);
    }

    private static boolean isOf(Pooling pooling, Step step) {
        return pooling.layer().filter(step.layer()::equals).isPresent();
    }

    /**
     * Looks whether a folder has all classes that an old model knows, where there is one.
     *
     * @throws GraftException if one is missing that is not to be forgotten
     */
    static void check(TransferSettings settings, List<String> classes) {
        PreviousModel old = settings.base().continued();
        if (old == null || old.dropsClasses() || old.dropped(classes).isEmpty()) {
            return;
        }
        String missing =
                old.dropped(classes).stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        String renamed = old.dropped(classes).stream()
                .flatMap(name -> Nearest.of(name, old.added(classes))
                        .map(near ->
                                "; '" + near + "' may be '" + name + "' under another name: then rename its folder")
                        .stream())
                .collect(Collectors.joining());
        throw new GraftException(settings.data().folder() + ": has no pictures of " + missing + ", which " + old.file()
                + " knows" + renamed
                + "; add some, as the folder holds all that the new model is to know, or let it forget them with"
                + " --drop-classes");
    }

    /**
     * Asks the old model and a new one about the same pictures: the test part of the new one's run, or its validation part
     * where there is no other.
     *
     * @param newer what the run gave
     * @param progress is told how many answers there are, two a picture
     */
    public RegressionReport compare(TransferResult result, Bundle newer, IntConsumer progress) {
        boolean tested = result.parts().testPart().isPresent();
        PictureSet pictures = result.parts().testPart().orElse(result.parts().validation());
        int threads = result.settings().threads();
        List<PredictedFile> before = ask(bundle, pictures, threads, progress);
        List<PredictedFile> after = ask(newer, pictures, threads, done -> progress.accept(pictures.size() + done));
        return RegressionReport.of(bundle.labels(), pictures, before, after).tested(tested);
    }

    private List<PredictedFile> ask(Bundle model, PictureSet pictures, int threads, IntConsumer progress) {
        List<Path> paths = pictures.pictures().stream().map(Picture::path).toList();
        try (Classifier classifier = Classifier.open(model, file.toString(), threads)) {
            return classifier.predictAll(paths, progress);
        }
    }
}
