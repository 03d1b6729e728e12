package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sorts pictures of emoji by the groups of {@code emojibase-data}. Variants that differ in skin tone, gender or direction
 * are left out: near duplicates of a picture that was trained on would make the held-out ones too easy.
 */
final class EmojiGroups {
    private static final String COMPONENTS = "component";
    private static final String VARIANT = ".*-200d-(2640|2642|27a1)";

    private final JsonNode emojis;
    private final JsonNode groups;

    private EmojiGroups(JsonNode emojis, JsonNode groups) {
        this.emojis = emojis;
        this.groups = groups;
    }

    /** Reads the data of the package in that folder. */
    static EmojiGroups read(Path emojibase) throws IOException {
        ObjectMapper json = new ObjectMapper();
        return new EmojiGroups(
                json.readTree(emojibase.resolve("en/compact.json").toFile()),
                json.readTree(emojibase.resolve("meta/groups.json").toFile()).path("groups"));
    }

    /** Moves the pictures that have a group into a folder a group, under readable names. */
    void move(Path pictures, Path target) throws IOException {
        Map<String, Path> byCode = new HashMap<>();
        try (Stream<Path> files = Files.list(pictures)) {
            files.forEach(file -> byCode.put(code(file.getFileName().toString().replaceFirst("\\.webp$", "")), file));
        }
        Set<Path> taken = new HashSet<>();
        for (JsonNode emoji : emojis) {
            String code = code(emoji.path("hexcode").asText());
            String group = groups.path(emoji.path("group").asText()).asText();
            Path picture = byCode.get(code);
            if (picture == null || group.isEmpty() || group.equals(COMPONENTS) || code.matches(VARIANT)) {
                continue;
            }
            Path folder = Files.createDirectories(target.resolve(group));
            Path place = folder.resolve(fileName(emoji.path("label").asText()) + ".webp");
            Files.move(picture, taken.add(place) ? place : folder.resolve(code + ".webp"));
        }
    }

    /** Code points without leading zeros and variation selectors, on which the two packages do not agree. */
    static String code(String hexcode) {
        List<String> points = Stream.of(hexcode.toLowerCase(Locale.ROOT).split("-"))
                .map(point -> point.replaceFirst("^0+(?=.)", ""))
                .filter(point -> !point.equals("fe0f"))
                .toList();
        return String.join("-", points);
    }

    static String fileName(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
    }
}
