package dev.graft.transfer.split;

import dev.graft.data.ImageFolder;
import dev.graft.data.KnownFolder;
import dev.graft.data.LabelledPictures;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.dataset.Manifest;
import dev.graft.dataset.ManifestFormat;
import dev.graft.transfer.config.DataSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.setting.OpenSetting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All pictures that a run is given, before any is read.
 *
 * @param folder where the classes come from: a folder, or a list of pictures
 * @param validation another set to validate on, or null
 * @param test another set to test on, or null
 * @param remarks what is to be known of the folders, a sentence each
 * @param alone whether every picture is of an origin of its own although origins were asked for
 */
public record GivenPictures(
        LabelledPictures folder,
        @Nullable PictureSet validation,
        @Nullable PictureSet test,
        List<String> remarks,
        boolean alone) {
    private static final Pattern LIST = Pattern.compile("(?i).*[.](csv|tsv|jsonl|ndjson)");

    /**
     * Looks through the folders.
     *
     * @throws dev.graft.GraftException if there is nothing to learn from, or a folder is none of labelled pictures
     */
    public static GivenPictures read(TransferSettings settings) {
        LabelledPictures folder = labelled(settings.folder(), settings.asks(DataSettings.VALIDATION));
        boolean alone = settings.find(DataSettings.GROUP_BY)
                .filter(pattern ->
                        PictureGroups.byName(folder, pattern).groups().isEmpty())
                .isPresent();
        List<String> remarks = new ArrayList<>(folder.remarks());
        PictureSet validation = read(settings, DataSettings.VALIDATION, folder, remarks);
        PictureSet test = read(settings, DataSettings.TEST, folder, remarks);
        return new GivenPictures(folder, validation, test, List.copyOf(remarks), alone);
    }

    /**
     * Those of a folder, or of a list in a {@code .csv}, {@code .tsv}, {@code .jsonl} or {@code .ndjson} file.
     *
     * @param validated whether other pictures are there to validate on
     * @throws dev.graft.GraftException if there is nothing to learn from
     */
    public static LabelledPictures labelled(Path source, boolean validated) {
        Matcher list = LIST.matcher(String.valueOf(source.getFileName()));
        if (!list.matches() || Files.isDirectory(source)) {
            return ImageFolder.read(source, validated);
        }
        boolean tabs = list.group(1).equalsIgnoreCase("tsv");
        ManifestFormat format = ManifestFormat.standard();
        return Manifest.read(source, tabs ? format.delimiter('\t') : format).labelledPictures(validated);
    }

    private static @Nullable PictureSet read(
            TransferSettings settings, OpenSetting<Path> given, LabelledPictures folder, List<String> remarks) {
        Path path = settings.orNull(given);
        if (path == null) {
            return null;
        }
        KnownFolder known = KnownFolder.read(path, folder.classes());
        remarks.addAll(known.remarks());
        return known.pictures();
    }

    /** The names of the classes. */
    public List<String> classes() {
        return folder.classes();
    }

    /** Each picture once, in order. */
    public List<Picture> pictures() {
        return Stream.concat(
                        folder.allPictures().stream(),
                        Stream.of(validation, test).flatMap(Stream::ofNullable).flatMap(set -> set.pictures().stream()))
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .stream()
                .toList();
    }

    /** What is validated on, where that is a folder of its own. */
    @Nullable PictureSet ownValidation() {
        return validation == null ? folder.validation() : validation;
    }

    /** What is tested on, where that is a folder of its own. */
    @Nullable PictureSet ownTest() {
        return test == null ? folder.test() : test;
    }

    /** Whether there is a folder of its own to validate on. */
    public boolean isValidated() {
        return ownValidation() != null;
    }

    /** Whether there is a folder of its own to test on. */
    public boolean isTested() {
        return ownTest() != null;
    }
}
