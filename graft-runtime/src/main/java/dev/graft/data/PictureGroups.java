package dev.graft.data;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.SettingName;
import dev.graft.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Pictures that belong together, so that no split parts them: copies of one file, or pictures of one origin. What is in
 * no group stands alone.
 *
 * @param groups paths of two pictures or more each; no path is in two groups
 */
public record PictureGroups(List<List<Path>> groups) {
    public PictureGroups {
        groups = groups.stream().map(List::copyOf).toList();
    }

    /** Every picture stands alone. */
    public static PictureGroups none() {
        return new PictureGroups(List.of());
    }

    /**
     * Pictures whose files are the same to the byte. Only files that are as long as another are read, which are few;
     * those that cannot be read, or are no pictures by their first bytes, stand alone.
     */
    public static PictureGroups copies(Collection<Picture> pictures) {
        Map<Long, List<Path>> bySize = new LinkedHashMap<>();
        for (Picture picture : pictures) {
            try {
                bySize.computeIfAbsent(Files.size(picture.path()), size -> new ArrayList<>())
                        .add(picture.path());
            } catch (IOException e) {
                // The pass over the pictures tells of it.
            }
        }
        List<Path> doubtful = bySize.values().stream()
                .filter(paths -> paths.size() > 1)
                .flatMap(List::stream)
                .toList();
        return by(doubtful, PictureGroups::hash);
    }

    /**
     * Pictures of one origin by their names ({@link LabelledPictures#names}): those for which a regular expression finds the same.
     *
     * @param pattern is looked for in the path below the class's folder, or below the list's, with slashes; its first group says the origin,
     *     else all that it matches. Pictures in which it is not found stand alone
     * @throws SettingException if it is no regular expression
     * @throws GraftException if it finds nothing in any picture's name, or no more than the empty text
     */
    public static PictureGroups byName(LabelledPictures pictures, String pattern) {
        Map<Path, String> origins = origins(pictures, pattern);
        if (origins.isEmpty()) {
            List<Picture> all = pictures.allPictures();
            throw new GraftException(
                    SettingName.of("group-by") + " '" + pattern + "' is found in none of the " + all.size()
                            + " names below the classes of " + pictures.source() + ", such as "
                            + pictures.names().get(all.get(0).path()) + "; change the expression");
        }
        return by(origins.keySet(), path -> origins.getOrDefault(path, ""));
    }

    /** The same where the expression may be found nowhere: then all stand alone. */
    public static PictureGroups matching(LabelledPictures pictures, String pattern) {
        Map<Path, String> origins = origins(pictures, pattern);
        return by(origins.keySet(), path -> origins.getOrDefault(path, ""));
    }

    private static Map<Path, String> origins(LabelledPictures pictures, String pattern) {
        Pattern compiled = compile(pattern);
        Map<Path, String> origins = new LinkedHashMap<>();
        for (Picture picture : pictures.allPictures()) {
            Matcher matcher = compiled.matcher(pictures.names().getOrDefault(picture.path(), ""));
            if (matcher.find()) {
                String origin = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
                if (origin != null && !origin.isEmpty()) {
                    origins.put(picture.path(), origin);
                }
            }
        }
        return origins;
    }

    private static Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new SettingException(
                    "group-by",
                    "'" + pattern + "' is no regular expression: " + e.getDescription() + " at character "
                            + (e.getIndex() + 1) + "; fix it, such as '^([^_]+)_' for what is before an underline",
                    e);
        }
    }

    private static PictureGroups by(Collection<Path> paths, Function<Path, String> key) {
        Map<String, List<Path>> found = new LinkedHashMap<>();
        for (Path path : paths) {
            String name = key.apply(path);
            if (!name.isEmpty()) {
                found.computeIfAbsent(name, unused -> new ArrayList<>()).add(path);
            }
        }
        return new PictureGroups(
                found.values().stream().filter(group -> group.size() > 1).toList());
    }

    private static String hash(Path path) {
        try {
            byte[] file = PictureFiles.read(path);
            return PictureFormat.ofContent(file).isEmpty() ? "" : Sha256.of(file);
        } catch (UnreadablePictureException e) {
            return "";
        }
    }

    /** A number for each picture, the same for those that belong together. */
    public int[] numbers(List<Path> paths) {
        Map<Path, Integer> numbers = new HashMap<>();
        for (int group = 0; group < groups.size(); group++) {
            for (Path path : groups.get(group)) {
                numbers.put(path, group);
            }
        }
        int next = groups.size();
        int[] all = new int[paths.size()];
        for (int i = 0; i < all.length; i++) {
            Integer known = numbers.putIfAbsent(paths.get(i), next);
            all[i] = known == null ? next++ : known;
        }
        return all;
    }

    /** Both together: groups that share a picture become one. */
    public PictureGroups and(PictureGroups other) {
        Map<Path, List<Path>> groupOf = new HashMap<>();
        List<List<Path>> merged = new ArrayList<>();
        groups.forEach(group -> merge(group, groupOf, merged));
        other.groups.forEach(group -> merge(group, groupOf, merged));
        return new PictureGroups(merged);
    }

    private static void merge(List<Path> group, Map<Path, List<Path>> groupOf, List<List<Path>> merged) {
        List<Path> whole = new ArrayList<>();
        for (Path path : group) {
            List<Path> present = groupOf.get(path);
            if (present == null) {
                whole.add(path);
                groupOf.put(path, whole);
            } else if (present != whole) {
                merged.removeIf(list -> list == present);
                whole.addAll(present);
                present.forEach(moved -> groupOf.put(moved, whole));
            }
        }
        merged.add(whole);
    }
}
