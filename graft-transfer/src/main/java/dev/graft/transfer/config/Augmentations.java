package dev.graft.transfer.config;

import dev.graft.Nearest;
import dev.graft.model.AugmentationFile;
import dev.graft.preprocessing.Augmentation;
import dev.graft.transfer.setting.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Augmentations by their names. */
final class Augmentations {
    private static final Map<String, Augmentation> NAMED = new LinkedHashMap<>();

    static {
        NAMED.put("none", Augmentation.none());
        NAMED.put("standard", Augmentation.standard());
        NAMED.put("trivial", Augmentation.trivial());
        NAMED.put("rand", Augmentation.rand());
    }

    private Augmentations() {}

    /** Of a name or, else, of the file of that name. */
    static Augmentation parse(String text) {
        Augmentation named = NAMED.get(text);
        if (named != null) {
            return named;
        }
        return AugmentationFile.read(file(text));
    }

    private static Path file(String text) {
        try {
            Path file = Path.of(text);
            if (Files.exists(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // Then it is no file.
        }
        throw new Kind.Malformed("expected " + String.join(", ", NAMED.keySet()) + " or a JSON file, got '" + text + "'"
                + Nearest.hint(text, NAMED.keySet()));
    }

    /** Its name or, where it has none, its layers. */
    static String text(Augmentation augmentation) {
        return Stream.concat(
                        NAMED.entrySet().stream()
                                .filter(named -> named.getValue().equals(augmentation))
                                .map(Map.Entry::getKey),
                        Stream.of(augmentation.key()))
                .findFirst()
                .orElseThrow();
    }
}
