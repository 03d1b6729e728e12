package dev.graft.data;

import dev.graft.GraftException;
import dev.graft.Nearest;
import dev.graft.Spelling;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Pictures of a folder whose classes are given file by file, and not by the subfolders they lie in. */
final class GivenLabels {
    private static final Comparator<Picture> ORDER =
            Comparator.comparingInt(Picture::label).thenComparing(Picture::path);

    private GivenLabels() {}

    /** One class name a picture, in the order of their paths. */
    static PictureSet inOrder(Path folder, List<String> labels) {
        List<Path> files = PictureFiles.below(folder);
        if (files.size() != labels.size()) {
            throw new GraftException(folder + ": " + files.size() + " pictures but " + labels.size()
                    + " labels; give one for each picture, in the order of their paths");
        }
        Map<Path, String> byFile = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            byFile.put(files.get(i), labels.get(i));
        }
        return of(folder, byFile);
    }

    /** A class name for each picture, by its path below the folder with slashes. */
    static PictureSet byName(Path folder, Map<String, String> labels) {
        Map<Path, String> byFile = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        Map<String, String> composed = new LinkedHashMap<>();
        labels.forEach((name, label) -> composed.put(Spelling.nfc(name), label));
        for (Path file : PictureFiles.below(folder)) {
            String name = Spelling.nfc(folder.relativize(file).toString().replace('\\', '/'));
            names.add(name);
            String label = composed.get(name);
            if (label == null) {
                throw new GraftException(file + ": has no label; give one for each picture of the folder");
            }
            byFile.put(file, label);
        }
        for (String name : labels.keySet()) {
            if (!names.contains(Spelling.nfc(name))) {
                String hint = Nearest.hint(name, names);
                throw new GraftException(folder + ": has no picture '" + name + "', for which there is a label"
                        + (hint.isEmpty() ? "; take it out" : hint));
            }
        }
        return of(folder, byFile);
    }

    private static PictureSet of(Path folder, Map<Path, String> labels) {
        if (labels.isEmpty()) {
            throw new GraftException(folder + ": no pictures in it; add some");
        }
        List<String> classes = Spelling.distinct(new TreeSet<>(labels.values()));
        Map<String, Integer> indices = new HashMap<>();
        classes.forEach(name -> indices.put(Spelling.nfc(name), indices.size()));
        return new PictureSet(
                classes,
                labels.entrySet().stream()
                        .map(entry ->
                                new Picture(entry.getKey(), indices.getOrDefault(Spelling.nfc(entry.getValue()), 0)))
                        .sorted(ORDER)
                        .toList());
    }

    /** The same pictures with the classes in another order, or with more of them. */
    static PictureSet reordered(PictureSet set, List<String> classes) {
        if (Spelling.distinct(classes).size() < classes.size()) {
            throw new GraftException("a class is named twice in " + classes + "; name each once");
        }
        int[] counts = set.countPerClass();
        for (int label = 0; label < counts.length; label++) {
            String name = set.classes().get(label);
            if (counts[label] > 0 && !Spelling.contains(classes, name)) {
                throw new GraftException("class '" + name + "' of " + counts[label]
                        + " pictures is not among the classes (" + String.join(", ", classes) + "); name all classes");
            }
        }
        List<Integer> indices = set.classes().stream()
                .map(name -> Spelling.indexOf(classes, name))
                .toList();
        return new PictureSet(
                classes,
                set.pictures().stream()
                        .map(picture -> new Picture(picture.path(), indices.get(picture.label())))
                        .sorted(ORDER)
                        .toList());
    }
}
