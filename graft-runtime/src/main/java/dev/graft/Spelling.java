package dev.graft;

import java.text.Normalizer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names that read alike. A letter with an accent may be one character (NFC, as Linux and Windows write it) or a letter and
 * an accent after it (NFD, as macOS does); Hangul likewise. Both are one name.
 */
public final class Spelling {
    private Spelling() {}

    /** The form that names are compared in. */
    public static String nfc(String name) {
        return Normalizer.isNormalized(name, Normalizer.Form.NFC)
                ? name
                : Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** Whether two names are one. */
    public static boolean same(String one, String other) {
        return one.equals(other) || nfc(one).equals(nfc(other));
    }

    /** Where a name is among others in whatever form, or -1. */
    public static int indexOf(List<String> names, String name) {
        int exact = names.indexOf(name);
        if (exact >= 0) {
            return exact;
        }
        for (int i = 0; i < names.size(); i++) {
            if (same(names.get(i), name)) {
                return i;
            }
        }
        return -1;
    }

    public static boolean contains(List<String> names, String name) {
        return indexOf(names, name) >= 0;
    }

    /** Some names, each in the form that came first. */
    public static List<String> distinct(Collection<String> names) {
        Map<String, String> first = new LinkedHashMap<>();
        names.forEach(name -> first.putIfAbsent(nfc(name), name));
        return List.copyOf(first.values());
    }

    /** A name with all beyond ASCII as {@code \\u00E9}, so that two that look alike can be told apart. */
    public static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(unit -> {
            if (unit >= ' ' && unit < 0x7F) {
                text.append((char) unit);
            } else {
                text.append(String.format("\\u%04X", unit));
            }
        });
        return text.toString();
    }
}
