package dev.graft.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The part of a set of pictures that the name of a folder speaks of, in the spellings that people use. */
enum PartName {
    TRAIN,
    VALIDATION,
    TEST;

    private static final Map<PartName, Set<String>> SAID = Map.of(
            TRAIN, Set.of("train", "training", "trn", "trainval", "learn", "learning"),
            VALIDATION,
                    Set.of(
                            "val",
                            "valid",
                            "validation",
                            "validate",
                            "validating",
                            "vali",
                            "dev",
                            "development",
                            "eval",
                            "evaluation"),
            TEST, Set.of("test", "tests", "testing", "tst", "holdout", "heldout"));

    /** Words that say nothing of which part it is. */
    private static final Set<String> EMPTY = Set.of(
            "set",
            "sets",
            "data",
            "dataset",
            "datasets",
            "image",
            "images",
            "img",
            "imgs",
            "pic",
            "pics",
            "picture",
            "pictures",
            "photo",
            "photos",
            "split",
            "folder",
            "dir",
            "sample",
            "samples",
            "example",
            "examples",
            "file",
            "files",
            "part",
            "subset",
            "the");

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}]+");
    private static final Map<String, PartName> WORDS = words();

    /** Each word that speaks of a part, alone or with one after it that says nothing. */
    private static Map<String, PartName> words() {
        Map<String, PartName> words = new HashMap<>();
        SAID.forEach((part, own) -> own.forEach(word -> {
            words.put(word, part);
            EMPTY.forEach(empty -> words.put(word + empty, part));
        }));
        return words;
    }

    /** What a name says by itself: {@code Training}, {@code 1_train}, {@code test-images}, {@code valset}. */
    static Optional<PartName> of(String name) {
        Spoken spoken = Spoken.of(name);
        return spoken.rest.isEmpty() && spoken.parts.size() == 1
                ? Optional.of(spoken.parts.iterator().next())
                : Optional.empty();
    }

    /**
     * What each of some names says that lie side by side. Beside one another {@code seg_train} and {@code seg_test} are
     * parts too: they have the rest in common.
     */
    static Map<String, PartName> among(Collection<String> names) {
        Map<String, List<String>> byRest = new LinkedHashMap<>();
        Map<String, PartName> found = new HashMap<>();
        for (String name : names) {
            Spoken spoken = Spoken.of(name);
            if (spoken.parts.size() == 1) {
                byRest.computeIfAbsent(spoken.rest, rest -> new ArrayList<>()).add(name);
            }
        }
        byRest.forEach((rest, alike) -> {
            Set<PartName> parts = EnumSet.noneOf(PartName.class);
            alike.forEach(name -> parts.addAll(Spoken.of(name).parts));
            if (rest.isEmpty() || (parts.contains(TRAIN) && parts.size() > 1)) {
                alike.forEach(
                        name -> found.put(name, Spoken.of(name).parts.iterator().next()));
            }
        });
        return found;
    }

    /** The words of a name: the parts that they speak of, and what else it says. */
    private record Spoken(Set<PartName> parts, String rest) {
        static Spoken of(String name) {
            Set<PartName> parts = EnumSet.noneOf(PartName.class);
            List<String> rest = new ArrayList<>();
            String apart = name.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ").toLowerCase(Locale.ROOT);
            String joined = apart.replaceAll("(hold|held)[ _-]out", "$1out");
            for (String word : NO_LETTERS.split(joined, 0)) {
                PartName part = WORDS.get(word);
                if (part != null) {
                    parts.add(part);
                } else if (!word.isEmpty() && !EMPTY.contains(word)) {
                    rest.add(word);
                }
            }
            return new Spoken(parts, String.join(" ", rest));
        }
    }
}
