package dev.graft.cli;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Names for folders and files that break what is not careful: none that folders hide, none that nobody sees, none that two
 * systems take for one.
 */
final class HostileNames {
    private static final int LONGEST = 255;
    private static final int HOW_MANY = 200;

    /** For JSON, tables of figures, shells, terminals, spreadsheets, the names of JavaScript and of our own files. */
    private static final List<String> KNOWN = List.of(
            "\ud83d\ude00",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc7f",
            "\ud835\udd6c\ud835\udd6d",
            "\ud87e\udc00",
            "\udbff\udffd",
            "\uffff",
            "\ufeffbom",
            "\ufffd",
            "\u0001\u0002",
            "\u007f",
            "\u0085next",
            "\u2028line",
            "\u2029paragraph",
            "\u202eright to left",
            "\u200f\u05e9\u05dc\u05d5\u05dd",
            "e\u0301te\u0301",
            "Z\u0351\u036b\u0343a\u0334l\u0337g\u0321o",
            "\u110e\u1167\u11bc",
            "\u0130stanbul",
            "\u3000wide",
            "quote\"quote",
            "'single'",
            "back\\slash",
            "\\u0041",
            "\\ud83d",
            "new\nline",
            "carriage\rreturn",
            "tab\ttab",
            "\\0",
            "%00",
            "\u001b[31mred",
            "\u001b]0;title\u0007",
            "null",
            "true",
            "false",
            "NaN",
            "Infinity",
            "-0",
            "123",
            "1e5",
            "0x1F",
            "1,5",
            "__proto__",
            "constructor",
            "toString",
            "__metadata__",
            "hasOwnProperty",
            " leading",
            "trailing ",
            "a..",
            "a...b",
            "~",
            "~root",
            "$HOME",
            "${jndi:ldap:x}",
            "`id`",
            "$(id)",
            "a;b",
            "a,b",
            "a, b",
            "a|b",
            "a&b",
            "a>b<c",
            "<b>bold</b>",
            "&amp;",
            "*",
            "?",
            "[a-z]",
            "{a,b}",
            "!",
            "#comment",
            "@at",
            "=1+1",
            "+1",
            "-1",
            "=HYPERLINK(\"x\")",
            "--help",
            "-rf",
            "%s%n%d",
            "{0}",
            "{}",
            "[]",
            "//",
            "c:",
            "labels",
            "versions",
            "data",
            "settings",
            "metrics",
            "training_per_class",
            "unknown",
            "accuracy",
            "graft.json",
            "weights.safetensors",
            "head",
            "head.weight",
            "input",
            "logits");

    private HostileNames() {}

    /** As many as there are to be, the same for a seed; what is not known is drawn from all of Unicode. */
    static List<String> of(long seed) {
        Random random = new Random(seed);
        Set<String> names = new LinkedHashSet<>();
        Set<String> alike = new HashSet<>();
        for (String name : KNOWN) {
            add(name.replace('/', '_'), names, alike);
        }
        add("x".repeat(LONGEST), names, alike);
        add("\ud83d\ude00".repeat(LONGEST / 4), names, alike);
        add("\u00e9".repeat(LONGEST / 2), names, alike);
        while (names.size() < HOW_MANY) {
            add(drawn(random), names, alike);
        }
        return new ArrayList<>(names);
    }

    private static void add(String name, Set<String> names, Set<String> alike) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        boolean fits = name.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
        boolean visible = !name.matches("[\\p{Z}\\p{Cf}\\s]*");
        if (fits && visible && !name.startsWith(".") && alike.add(plain)) {
            names.add(name);
        }
    }

    private static String drawn(Random random) {
        StringBuilder name = new StringBuilder();
        for (int length = 1 + random.nextInt(20); length > 0; length--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(0x80) : random.nextInt(Character.MAX_CODE_POINT + 1);
            boolean sound =
                    point != 0 && point != '/' && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
            name.appendCodePoint(sound ? point : 0x1f600 + random.nextInt(80));
        }
        return name.toString();
    }
}
