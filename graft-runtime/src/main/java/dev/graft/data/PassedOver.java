package dev.graft.data;

import dev.graft.FileName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What lies in folders and is left alone, and the words for it, in an order that does not depend on the file system. */
final class PassedOver {
    private static final Comparator<Skipped> BY_PATH = Comparator.comparing(Skipped::path);

    private final List<FolderFile> files = new ArrayList<>();
    private final List<Path> system = new ArrayList<>();
    private final List<Path> hidden = new ArrayList<>();
    private final List<Skipped> links = new ArrayList<>();

    /** Something that is no picture. */
    void file(FolderFile other) {
        files.add(other);
    }

    /** A folder of a system or a tool, or a hidden one. */
    void systemFolder(Path folder) {
        system.add(folder);
    }

    /** A picture that a dot hides. */
    void hidden(Path picture) {
        hidden.add(picture);
    }

    /**
     * A link that is not followed.
     *
     * @param what is wrong with it
     */
    void link(Path link, String what) {
        links.add(new Skipped(link, what));
    }

    void addAll(PassedOver others) {
        files.addAll(others.files);
        system.addAll(others.system);
        hidden.addAll(others.hidden);
        links.addAll(others.links);
    }

    /** How many files were no pictures, by {@link FolderFile#kind}. */
    Map<String, Integer> ignored() {
        Map<String, Integer> counts = new TreeMap<>();
        files.forEach(file -> counts.merge(file.kind(), 1, Integer::sum));
        return counts;
    }

    /** All of it, each with its reason. */
    List<Skipped> all() {
        return Stream.of(
                        files.stream().map(file -> new Skipped(file.path(), file.reason())),
                        hidden.stream().map(path -> new Skipped(path, "a hidden file; rename it if it is wanted")),
                        links.stream(),
                        system.stream()
                                .map(path -> new Skipped(path, "a folder of a system or a tool, or a hidden one")))
                .flatMap(part -> part)
                .sorted(BY_PATH)
                .toList();
    }

    /** A sentence on the files that are no pictures, with the first names of each kind; or none. */
    List<String> filesByName(Path top) {
        if (files.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> names = new TreeMap<>();
        files.stream().sorted(Comparator.comparing(FolderFile::path)).forEach(file -> names.computeIfAbsent(
                        file.kind(), unused -> new ArrayList<>())
                .add(FileName.shown(top.relativize(file.path()))));
        return List.of(OtherFiles.PASSED_OVER
                + names.entrySet().stream()
                        .map(kind -> OtherFiles.text(
                                        Map.of(kind.getKey(), kind.getValue().size())) + ": "
                                + FolderScan.few(kind.getValue()))
                        .collect(Collectors.joining("; ")));
    }

    /** What a user should know of the rest, a sentence each. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (!system.isEmpty()) {
            Map<String, Integer> names = new TreeMap<>();
            system.forEach(folder -> names.merge(FolderScan.name(folder), 1, Integer::sum));
            remarks.add("folders of systems and tools, and hidden ones, are passed over: "
                    + names.entrySet().stream()
                            .map(entry -> entry.getKey() + (entry.getValue() == 1 ? "" : " (" + entry.getValue() + ")"))
                            .collect(Collectors.joining(", ")));
        }
        if (!hidden.isEmpty()) {
            remarks.add("hidden pictures are passed over: "
                    + FolderScan.few(
                            hidden.stream().sorted().map(FileName::shown).toList()));
        }
        if (!links.isEmpty()) {
            remarks.add("links are passed over that lead nowhere or in a circle: "
                    + FolderScan.few(links.stream()
                            .sorted(BY_PATH)
                            .map(link -> FileName.shown(link.path()) + " (" + link.reason() + ")")
                            .toList()));
        }
        return remarks;
    }
}
