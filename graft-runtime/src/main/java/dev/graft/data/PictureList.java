package dev.graft.data;

import dev.graft.GraftException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes of a list of pictures what a folder of them gives, with the same checks. */
final class PictureList {
    private static final Comparator<Picture> ORDER =
            Comparator.comparingInt(Picture::label).thenComparing(Picture::path);

    private static final int SHOWN = 100;

    private final Path file;
    private final List<String> classes;
    private final Map<PartName, List<Picture>> parts = new EnumMap<>(PartName.class);
    private final Map<Path, String> names = new HashMap<>();
    private final Map<Path, Float> weights = new HashMap<>();
    private final Map<String, List<Path>> groups = new LinkedHashMap<>();
    /** What is no picture, by the class it is listed under, then by extension. */
    private final List<Map<String, Integer>> others = new ArrayList<>();

    private PictureList(Path file, List<String> classes) {
        this.file = file;
        this.classes = classes;
        classes.forEach(name -> others.add(new TreeMap<>()));
    }

    static LabelledPictures read(Path file, List<String> classes, List<ListedPicture> pictures, boolean validated) {
        PictureList list = new PictureList(file, classes);
        pictures.forEach(list::add);
        PictureSet validation = list.measured(PartName.VALIDATION);
        PictureSet test = list.measured(PartName.TEST);
        PictureSet train = list.set(PartName.TRAIN);
        list.everyClass().require(train, validated || validation != null ? 1 : 2, list.others);
        list.requireWeights(train);
        list.requireClasses(validation, "validation");
        list.requireClasses(test, "test");
        Map<String, Integer> ignored = new TreeMap<>();
        list.others.forEach(some -> some.forEach((kind, count) -> ignored.merge(kind, count, Integer::sum)));
        return new LabelledPictures(
                file,
                train,
                validation,
                test,
                list.names,
                list.weights,
                new PictureGroups(list.groups.values().stream()
                        .filter(group -> group.size() > 1)
                        .toList()),
                ignored,
                ClassNames.alike(classes));
    }

    private void add(ListedPicture row) {
        Path path = row.path();
        String name = FolderScan.name(path);
        if (!FolderScan.isPicture(path, name)) {
            others.get(row.label()).merge(PictureFormat.extension(name), 1, Integer::sum);
            return;
        }
        parts.computeIfAbsent(part(row), part -> new ArrayList<>()).add(new Picture(path, row.label()));
        names.put(path, nameOf(path));
        if (row.weight() != 1) {
            weights.put(path, row.weight());
        }
        if (row.group() != null) {
            groups.computeIfAbsent(row.group(), group -> new ArrayList<>()).add(path);
        }
    }

    private PartName part(ListedPicture row) {
        String said = row.part();
        return said == null
                ? PartName.TRAIN
                : PartName.of(said)
                        .orElseThrow(() -> new GraftException(file + " row " + row.number() + ": split '" + shown(said)
                                + "' is none of train, val and test; call it one of them"));
    }

    /** Cut, and on one line. */
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }

    /** Below the folder of the list, where it lies there. */
    private String nameOf(Path path) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path whole = path.toAbsolutePath().normalize();
        Path name = folder != null && whole.startsWith(folder) ? folder.relativize(whole) : path;
        return name.toString().replace('\\', '/');
    }

    private PictureSet set(PartName part) {
        return new PictureSet(
                classes,
                parts.getOrDefault(part, List.of()).stream().sorted(ORDER).toList());
    }

    private @Nullable PictureSet measured(PartName part) {
        return parts.containsKey(part) ? set(part) : null;
    }

    private EveryClass everyClass() {
        return new EveryClass(
                file.toString(),
                classes.stream().map(name -> file + ": class '" + name + "'").toList(),
                "none to learn from",
                "take its rows out",
                "take their rows out",
                "list pictures of at least two classes");
    }

    /** A class that counts nothing would not be learnt, and nobody would be told. */
    private void requireWeights(PictureSet train) {
        for (int label = 0; label < classes.size(); label++) {
            List<Picture> own = train.ofClass(label);
            if (!own.isEmpty() && own.stream().allMatch(picture -> weights.getOrDefault(picture.path(), 1f) == 0)) {
                throw new GraftException(file + ": class '" + classes.get(label)
                        + "': all its pictures to learn from have weight 0; give some more, or take its rows out");
            }
        }
    }

    private void requireClasses(@Nullable PictureSet part, String called) {
        if (part == null) {
            return;
        }
        int[] counts = part.countPerClass();
        List<String> missing = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                missing.add("'" + classes.get(label) + "'");
            }
        }
        if (!missing.isEmpty()) {
            throw new GraftException(String.format(
                    Locale.ROOT,
                    "%s: the %s part has no class %s, which train has; add it",
                    file,
                    called,
                    missing.stream().collect(Collectors.joining(", "))));
        }
    }
}
