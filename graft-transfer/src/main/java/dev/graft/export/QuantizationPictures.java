package dev.graft.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.Spelling;
import dev.graft.audit.DataCare;
import dev.graft.bundle.Bundle;
import dev.graft.data.ImageFolder;
import dev.graft.data.LabelledPictures;
import dev.graft.data.OtherFiles;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.data.Splits;
import dev.graft.dataset.Dataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pictures with which a bundle is brought to 8 bits.
 *
 * @param calibration of which the ranges of numbers are taken: some of every class, as far as there are
 * @param heldOut on which the result is measured
 * @param neverTrainedOn whether the held-out pictures are those that training held out too
 * @param skipped pictures of the folder that are left out since they cannot be read; those that training could read are
 *     met only when their turn comes
 * @param remarks what else of the folder was passed over or looks odd, a sentence each
 */
public record QuantizationPictures(
        PictureSet calibration,
        PictureSet heldOut,
        boolean neverTrainedOn,
        List<Skipped> skipped,
        List<String> remarks) {
    /** Enough to see how far the numbers go; 50 gave much the same ranges. */
    static final int MOST = 200;

    public QuantizationPictures {
        skipped = List.copyOf(skipped);
        remarks = List.copyOf(remarks);
    }

    /**
     * Cuts a folder as training did: with the bundle's seed.
     *
     * @param folder the one that it was trained on, or another with its classes
     * @throws GraftException if the folder cannot be used or has other classes
     */
    public static QuantizationPictures of(Bundle bundle, Path folder) {
        // What was trained with another folder to validate on may have one picture of a class.
        LabelledPictures read = ImageFolder.read(folder, true);
        if (!forms(read.classes()).equals(forms(bundle.labels()))) {
            throw new GraftException(folder + ": its classes are " + names(read.classes()) + ", the model's "
                    + names(bundle.labels()) + "; give the folder that it was trained on");
        }
        long seed = bundle.provenance().path("settings").path("seed").asLong();
        JsonNode data = bundle.provenance().path("data");
        String groupBy = data.path("group_by").textValue();
        PictureGroups copies = PictureGroups.copies(read.allPictures());
        PictureGroups groups = groupBy == null ? copies : copies.and(PictureGroups.matching(read, groupBy));
        List<Skipped> skipped = data.path("skipped").asInt() == 0 ? List.of() : unreadable(bundle, read);
        Set<Path> left = skipped.stream().map(Skipped::path).collect(Collectors.toSet());
        LabelledPictures sound = read.only(picture -> !left.contains(picture.path()));
        Splits parts = DataCare.separate(sound.split(ImageFolder.VALIDATION_SHARE, 0, seed, groups), groups)
                .splits();
        PictureSet learnt = parts.train().withClasses(bundle.labels());
        PictureSet heldOut = parts.validation().withClasses(bundle.labels());
        return new QuantizationPictures(some(learnt, seed), heldOut, isOfTraining(data, parts), skipped, remarks(read));
    }

    private static List<String> remarks(LabelledPictures folder) {
        List<String> remarks = new ArrayList<>(folder.remarks());
        if (!folder.ignored().isEmpty()) {
            remarks.add(0, OtherFiles.sentence(folder.ignored()));
        }
        return remarks;
    }

    private static Set<String> forms(List<String> classes) {
        return classes.stream().map(Spelling::nfc).collect(Collectors.toSet());
    }

    /** Training parted what it could read. */
    private static List<Skipped> unreadable(Bundle bundle, LabelledPictures folder) {
        return Dataset.ofPictures(new PictureSet(folder.classes(), folder.allPictures()), bundle.geometry())
                .withoutUnreadable()
                .skipped();
    }

    /** By the numbers of pictures. A test part is in its own folder or was cut from the rest. */
    private static boolean isOfTraining(JsonNode data, Splits parts) {
        int training = data.path("training").asInt();
        int learnt = parts.train().size();
        return parts.validation().size() == data.path("validation").asInt()
                && (learnt == training || learnt == training + data.path("test").asInt());
    }

    private static String names(List<String> classes) {
        return classes.size() <= 5 ? String.join(", ", classes) : classes.size() + " others, such as " + classes.get(0);
    }

    /** One of each class in turn. */
    private static PictureSet some(PictureSet all, long seed) {
        List<List<Picture>> classes = new ArrayList<>();
        for (int label = 0; label < all.classes().size(); label++) {
            List<Picture> pictures = all.ofClass(label);
            List<Picture> shuffled = new ArrayList<>();
            for (int index : Seeds.order(pictures.size(), Seeds.random(seed, label))) {
                shuffled.add(pictures.get(index));
            }
            classes.add(shuffled);
        }
        List<Picture> chosen = new ArrayList<>();
        for (int turn = 0; chosen.size() < Math.min(MOST, all.size()); turn++) {
            for (List<Picture> pictures : classes) {
                if (turn < pictures.size() && chosen.size() < MOST) {
                    chosen.add(pictures.get(turn));
                }
            }
        }
        return new PictureSet(all.classes(), chosen);
    }
}
