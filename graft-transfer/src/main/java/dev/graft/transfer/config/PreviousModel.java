package dev.graft.transfer.config;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.SettingName;
import dev.graft.Sha256;
import dev.graft.Spelling;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.Program.Step;
import dev.graft.transfer.setting.Setting;
import dev.graft.zoo.Pretrained;
import dev.graft.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
public record PreviousModel(Path file, String sha256, Bundle bundle, boolean dropsClasses) implements BackboneSource {
    private static final String POOLING = "pooling";

    /**
     * Reads a bundle whole and tries it out.
     *
     * @throws GraftException if it is not valid, or its backbone is none that a run could start from
     */
    public static PreviousModel read(Path file) {
        Bundle bundle = Bundle.read(file);
        PreviousModel old = new PreviousModel(file, hash(file), bundle, false);
        old.check();
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

    /** The name of its backbone in the zoo. */
    public String model() {
        return bundle.network().model().name();
    }

    private void check() {
        if (bundle.network().program().steps().stream().anyMatch(step -> step.layer() instanceof ForeignGraph)) {
            throw new GraftException(file + ": its backbone came from an ONNX file, which stays frozen, so there is"
                    + " nothing learnt to start from; train again with " + SettingName.of("backbone")
                    + " FILE.onnx and all pictures");
        }
        String name = model();
        Pretrained pretrained = pretrained();
        int size = bundle.geometry().size();
        if (!isOfUsualSize() && !pretrained.geometry().withSize(size).equals(bundle.geometry())) {
            throw new GraftException(file + ": takes pictures as " + bundle.geometry() + ", this Graft gives them to "
                    + name + " as " + pretrained.geometry().withSize(size) + "; train again without "
                    + SettingName.of("continue"));
        }
    }

    private Pretrained pretrained() {
        String name = model();
        return Zoo.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GraftException(file + ": its network '" + name
                        + "' is none of those that 'graft models' lists, so it cannot be drawn with a new head; train"
                        + " again without " + SettingName.of("continue")));
    }

    private boolean isOfUsualSize() {
        return pretrained().geometry().equals(bundle.geometry());
    }

    @Override
    public Map<Setting<?>, Object> presets() {
        Map<Setting<?>, Object> presets = new LinkedHashMap<>();
        presets.put(HeadSettings.POOLING, pooling());
        if (!isOfUsualSize()) {
            presets.put(BackboneSettings.IMAGE_SIZE, bundle.geometry().size());
        }
        return presets;
    }

    /** What the old head takes for features. */
    private Pooling pooling() {
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
     * Looks whether a folder has all classes that are not to be forgotten.
     *
     * @throws GraftException if one is missing
     */
    public void requireClasses(Path folder, List<String> classes) {
        if (dropsClasses || dropped(classes).isEmpty()) {
            return;
        }
        String missing = dropped(classes).stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        String renamed = dropped(classes).stream()
                .flatMap(name -> Nearest.of(name, added(classes))
                        .map(near ->
                                "; '" + near + "' may be '" + name + "' under another name: then rename its folder")
                        .stream())
                .collect(Collectors.joining());
        throw new GraftException(folder + ": has no pictures of " + missing + ", which " + file + " knows" + renamed
                + "; add some, as the folder holds all that the new model is to know, or let it forget them with "
                + SettingName.of("drop-classes"));
    }

    @Override
    public String toString() {
        return model();
    }
}
