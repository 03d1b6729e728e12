package dev.graft.data;

import dev.graft.FileName;
import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A folder of pictures of known classes, with one subfolder a class: to validate, test or evaluate on. A name is the same
 * in either Unicode form.
 *
 * @param pictures labelled by the known classes
 * @param remarks what was passed over, a sentence each
 */
public record KnownFolder(PictureSet pictures, List<String> remarks) {
    private static final int SHOWN = 6;
    private static final int DEEPEST = 3;
    private static final int LOOKED_AT = 20;

    public KnownFolder {
        remarks = List.copyOf(remarks);
    }

    /**
     * Lists a folder.
     *
     * @throws GraftException when it is missing, no folder, unreadable or empty, or has pictures of a class that is not
     *     among {@code classes}; a class of theirs may be absent
     */
    public static KnownFolder read(Path folder, List<String> classes) {
        FolderScan.requireFolder(folder);
        BroadFolder.refuse(folder);
        FolderScan scan = new FolderScan();
        List<String> remarks = new ArrayList<>();
        PictureSet pictures = read(scan, ClassFolders.of(scan, folder), classes, remarks);
        if (!scan.ignored().isEmpty()) {
            remarks.add(OtherFiles.sentence(scan.ignored()));
        }
        remarks.addAll(scan.remarks());
        return new KnownFolder(pictures, remarks);
    }

    static PictureSet read(FolderScan scan, ClassFolders top, List<String> classes, List<String> remarks) {
        Path folder = top.folder();
        List<Path> known = top.listing().folders().stream()
                .filter(path -> Spelling.contains(classes, FolderScan.name(path)))
                .toList();
        List<Path> strange = top.listing().folders().stream()
                .filter(path -> !known.contains(path))
                .toList();
        requireClasses(top, classes, known);
        for (Path path : strange) {
            Map<String, Integer> others = new TreeMap<>();
            int count = new FolderScan().picturesBelow(path, others).size();
            if (count > 0) {
                throw strange(folder, path, count, classes);
            }
            remarks.add("'" + FolderScan.name(path) + "' is no class that is known and is left out ("
                    + (others.isEmpty() ? "no pictures" : OtherFiles.text(others)) + ")");
        }
        remarks.addAll(top.remarks());
        PictureSet set = top.readKnown(classes);
        if (set.size() == 0) {
            throw new GraftException(FileName.shown(folder) + ": no pictures in any of its classes; add some");
        }
        return set;
    }

    /** Where none of the folders is a known class, or all are parts by their looks, another folder was meant. */
    private static void requireClasses(ClassFolders top, List<String> classes, List<Path> known) {
        Path folder = top.folder();
        Set<String> names = classes.stream().map(Spelling::nfc).collect(Collectors.toSet());
        boolean parts = known.stream()
                .map(FolderShape::of)
                .allMatch(shape -> PartName.of(shape.name()).isPresent()
                        && shape.holdsFolders()
                        && names.containsAll(shape.inner()));
        if (!parts) {
            return;
        }
        List<Path> holding = holding(folder, names);
        if (!holding.isEmpty()) {
            String them = holding.stream().limit(SHOWN).map(FileName::shown).collect(Collectors.joining(", "));
            throw new GraftException(FileName.shown(folder) + ": the folders of the classes lie further below; give "
                    + (holding.size() == 1 ? them : "one of " + them));
        }
        Path parent = FolderHints.parent(folder);
        String own = FolderScan.name(folder.toAbsolutePath().normalize());
        if (parent != null && names.contains(Spelling.nfc(own))) {
            throw new GraftException(FileName.shown(folder) + ": is itself the folder of a class, '" + own
                    + "'; give the folder above, " + parent);
        }
        if (top.listing().folders().isEmpty()) {
            throw FolderHints.noFolders(folder, top.listing(), FolderHints.above(folder));
        }
    }

    /** The folders with known classes in them, on the first level below that has any. */
    private static List<Path> holding(Path folder, Set<String> names) {
        List<Path> level = List.of(folder);
        for (int depth = 0; depth < DEEPEST && !level.isEmpty(); depth++) {
            List<Path> found = level.stream()
                    .flatMap(path -> FolderHints.holding(path, names).stream())
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
            level = level.stream()
                    .flatMap(path -> FolderScan.folders(path).stream())
                    .limit(LOOKED_AT)
                    .toList();
        }
        return List.of();
    }

    private static GraftException strange(Path folder, Path path, int count, List<String> classes) {
        String name = FolderScan.name(path);
        String hint = Nearest.of(name, classes)
                .map(near -> "; '" + near + "' may be meant")
                .orElse("");
        return new GraftException(FileName.shown(folder) + ": its class '" + name + "' (" + FolderLayout.count(count)
                + ") is not among the classes trained on (" + String.join(", ", classes) + ")" + hint
                + "; give a folder with these classes only, or train with that class too");
    }
}
