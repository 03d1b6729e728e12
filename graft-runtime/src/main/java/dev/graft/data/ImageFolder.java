package dev.graft.data;

import dev.graft.GraftException;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures with one subfolder a class, whose name is the class's; or with folders {@code train}, {@code val}
 * and {@code test} of that form in it, also as {@code Training}, {@code valid}, {@code test_set} and the like. Folders
 * inside a class belong to it. Hidden files and what systems and tools leave are passed over. Nothing is decoded here: a
 * file counts as a picture by its extension, and where that does not say for certain that it is something else by its first
 * bytes.
 */
public final class ImageFolder {
    /** What of a folder becomes the validation part when it brings none. */
    public static final double VALIDATION_SHARE = 0.2;

    private ImageFolder() {}

    /**
     * Lists a folder to train on.
     *
     * @throws GraftException when it is missing, no folder, unreadable, without two classes of two pictures each, or
     *     when its parts have different classes; one picture of a class will do where there is a validation part
     */
    public static LabelledPictures read(Path folder) {
        return read(folder, false);
    }

    /**
     * The same where another folder may be there to validate on.
     *
     * @param validated whether it is, so that one picture of a class will do
     */
    public static LabelledPictures read(Path folder, boolean validated) {
        FolderScan.requireFolder(folder);
        BroadFolder.refuse(folder);
        FolderScan scan = new FolderScan();
        FolderLayout layout = FolderLayout.of(scan, folder);
        List<String> remarks = new ArrayList<>(layout.remarks());
        PictureSet learnt = layout.train().read(validated || layout.validation() != null ? 1 : 2);
        remarks.addAll(ClassNames.alike(learnt.classes()));
        PictureSet validation = part(scan, layout.validation(), learnt.classes(), remarks);
        PictureSet test = part(scan, layout.test(), learnt.classes(), remarks);
        remarks.addAll(scan.remarks());
        return new LabelledPictures(
                folder,
                learnt,
                validation,
                test,
                names(folder, learnt, validation, test),
                Map.of(),
                PictureGroups.none(),
                scan.ignored(),
                remarks);
    }

    /**
     * Lists another folder of pictures of known classes: to validate, test or evaluate on.
     *
     * @throws GraftException as {@link KnownFolder#read}, which also tells what was passed over
     */
    public static PictureSet readAs(Path folder, List<String> classes) {
        return KnownFolder.read(folder, classes).pictures();
    }

    /** The paths of the pictures below the folders of their classes, with slashes. */
    private static Map<Path, String> names(Path folder, @Nullable PictureSet... parts) {
        Map<Path, String> names = new HashMap<>();
        Stream.of(parts).flatMap(Stream::ofNullable).forEach(set -> {
            int depth = depth(folder, set);
            for (Picture picture : set.pictures()) {
                Path below = folder.relativize(picture.path());
                String name = below.subpath(Math.min(depth + 1, below.getNameCount() - 1), below.getNameCount())
                        .toString();
                names.put(picture.path(), name.replace('\\', '/'));
            }
        });
        return names;
    }

    /** How many folders the class folders of a set lie below this one: the first depth at which all are called so. */
    private static int depth(Path folder, PictureSet set) {
        int depth = 0;
        while (!isDepth(depth, folder, set)) {
            depth++;
        }
        return depth;
    }

    private static boolean isDepth(int depth, Path folder, PictureSet set) {
        return set.pictures().stream().allMatch(picture -> {
            Path below = folder.relativize(picture.path());
            return depth >= below.getNameCount() - 1
                    || Spelling.same(FolderScan.name(below.getName(depth)), set.className(picture));
        });
    }

    private static @Nullable PictureSet part(
            FolderScan scan, @Nullable Path folder, List<String> classes, List<String> remarks) {
        if (folder == null) {
            return null;
        }
        ClassFolders part = ClassFolders.of(scan, folder);
        List<String> missing = classes.stream()
                .filter(name -> !Spelling.contains(part.names(), name))
                .toList();
        if (!missing.isEmpty()) {
            String names = missing.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
            List<String> others = part.names().stream()
                    .filter(name -> !Spelling.contains(classes, name))
                    .toList();
            throw new GraftException(folder + ": has no class " + names + ", which train has"
                    + (others.isEmpty() ? "" : ", but " + FolderScan.few(others)) + "; add it");
        }
        return KnownFolder.read(scan, part, classes, remarks);
    }
}
