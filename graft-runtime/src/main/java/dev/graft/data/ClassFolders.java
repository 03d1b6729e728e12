package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The folders of classes in one folder.
 *
 * @param folder that they lie in
 * @param listing what lies directly in it
 */
record ClassFolders(FolderScan scan, Path folder, FolderScan.Listing listing) {
    static ClassFolders of(FolderScan scan, Path folder) {
        FolderScan.Listing listing = scan.list(folder);
        ClassNames.require(scan, folder, listing);
        return new ClassFolders(scan, folder, listing);
    }

    List<String> names() {
        return listing.folders().stream().map(FolderScan::name).toList();
    }

    /** A sentence on pictures that lie beside the folders, if there are any. */
    List<String> remarks() {
        List<Path> loose = listing.pictures();
        return loose.isEmpty()
                ? List.of()
                : List.of(String.format(Locale.ROOT, "%,d", loose.size())
                        + (loose.size() == 1 ? " picture lies" : " pictures lie") + " directly in "
                        + FileName.shown(folder) + ", in no class, and " + (loose.size() == 1 ? "is" : "are")
                        + " left out, such as " + FolderScan.name(loose.get(0)));
    }

    /**
     * All pictures, each folder being a class.
     *
     * @param least how many pictures each must have
     * @throws GraftException naming all classes that have fewer, and what lies in them
     */
    PictureSet read(int least) {
        List<String> classes = names();
        List<Map<String, Integer>> others = new ArrayList<>();
        PictureSet set = collect(classes, others);
        int[] counts = set.countPerClass();
        requireSome(counts, others);
        int[] few = IntStream.range(0, counts.length)
                .filter(label -> counts[label] < least)
                .toArray();
        if (few.length > 0) {
            boolean one = few.length == 1;
            throw new GraftException((one ? FileName.shown(listing.folders().get(few[0])) : folder + ": " + names(few))
                    + ": only one picture in " + (one ? "this class" : "each of these classes")
                    + ", which cannot be both learnt from and validated on; add more, or move the "
                    + (one ? "folder" : "folders") + " elsewhere");
        }
        if (classes.size() == 1) {
            throw new GraftException(folder + ": only one class, '" + classes.get(0)
                    + "'; put the pictures of at least two classes into a subfolder each");
        }
        return set;
    }

    /** The pictures of known classes; folders of others are passed over. */
    PictureSet readKnown(List<String> classes) {
        return collect(classes, new ArrayList<>());
    }

    private PictureSet collect(List<String> classes, List<Map<String, Integer>> others) {
        Map<Integer, List<Path>> found = new TreeMap<>();
        for (Path subfolder : listing.folders()) {
            int label = Spelling.indexOf(classes, FolderScan.name(subfolder));
            Map<String, Integer> besides = new TreeMap<>();
            if (label >= 0) {
                found.put(label, scan.picturesBelow(subfolder, besides));
                others.add(besides);
            }
        }
        List<Picture> pictures = new ArrayList<>();
        found.forEach((label, paths) -> paths.forEach(path -> pictures.add(new Picture(path, label))));
        return new PictureSet(classes, pictures);
    }

    private void requireSome(int[] counts, List<Map<String, Integer>> others) {
        int[] none = IntStream.range(0, counts.length)
                .filter(label -> counts[label] == 0)
                .toArray();
        if (none.length == 0) {
            return;
        }
        List<String> found = IntStream.of(none)
                .mapToObj(label -> others.get(label).isEmpty() ? "empty" : OtherFiles.text(others.get(label)))
                .toList();
        if (none.length == 1) {
            throw new GraftException(FileName.shown(listing.folders().get(none[0])) + ": no pictures in this class ("
                    + found.get(0) + "); add JPEG or PNG files, or move the folder elsewhere");
        }
        String each = IntStream.range(0, none.length)
                .mapToObj(i -> names().get(none[i]) + " (" + found.get(i) + ")")
                .collect(Collectors.joining(", "));
        throw new GraftException(folder + ": no pictures in " + none.length + " of its " + counts.length + " classes: "
                + each + "; add JPEG or PNG files, or move these folders elsewhere");
    }

    private String names(int[] labels) {
        return IntStream.of(labels).mapToObj(names()::get).collect(Collectors.joining(", "));
    }
}
