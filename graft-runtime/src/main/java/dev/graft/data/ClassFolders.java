package dev.graft.data;

import dev.graft.FileName;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
     * @throws dev.graft.GraftException naming all classes that have fewer, and what lies in them
     */
    PictureSet read(int least) {
        List<String> classes = names();
        List<Map<String, Integer>> others = new ArrayList<>();
        PictureSet set = collect(classes, others);
        List<String> places = listing.folders().stream().map(FileName::shown).toList();
        new EveryClass(
                        folder.toString(),
                        places,
                        "empty",
                        "move the folder elsewhere",
                        "move these folders elsewhere",
                        "put the pictures of at least two classes into a subfolder each")
                .require(set, least, others);
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
}
