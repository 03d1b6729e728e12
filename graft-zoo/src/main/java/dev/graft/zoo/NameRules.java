package dev.graft.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renames layers by a table: of the lines whose expression fits the whole name the first says what it is called here. Other
 * names stay as they are.
 *
 * <pre>
 * conv1_conv                               conv1
 * conv([2-5])_block([0-9]+)_0_conv         layer{1-1}.{2-1}.downsample.0
 * </pre>
 *
 * <p>In the second column <code>{2}</code> is what stood in the second pair of brackets, <code>{2-1}</code> one less, <code>{1*2+1}</code>
 * twice as much and one more, <code>{2-a}</code> the place of a letter, {@code a} being 0.
 */
final class NameRules implements UnaryOperator<String> {
    private static final Pattern PLACE = Pattern.compile("\\{([1-9])(?:\\*([0-9]))?(?:([+-])([0-9]|a))?}");

    private record Rule(Pattern theirs, String ours) {}

    private final List<Rule> rules;

    private NameRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * The rules of a table.
     *
     * @throws IllegalArgumentException if a line has not two columns
     */
    static NameRules of(String table) {
        return new NameRules(table.lines().map(NameRules::rule).toList());
    }

    /** These, and where none fits those of another table. */
    NameRules and(String table) {
        List<Rule> all = new ArrayList<>(rules);
        all.addAll(of(table).rules);
        return new NameRules(all);
    }

    private static Rule rule(String line) {
        String[] columns = line.strip().split(" +");
        if (columns.length != 2) {
            throw new IllegalArgumentException("expected an expression and a name, got '" + line + "'");
        }
        return new Rule(Pattern.compile(columns[0]), columns[1]);
    }

    @Override
    public String apply(String name) {
        for (Rule rule : rules) {
            Matcher fits = rule.theirs.matcher(name);
            if (fits.matches()) {
                return PLACE.matcher(rule.ours)
                        .replaceAll(place -> Matcher.quoteReplacement(value(fits.toMatchResult(), place)));
            }
        }
        return name;
    }

    private static String value(MatchResult name, MatchResult place) {
        String text = name.group(Integer.parseInt(place.group(1)));
        if (place.group(2) == null && place.group(3) == null) {
            return text;
        }
        if ("a".equals(place.group(4))) {
            return String.valueOf(text.charAt(0) - 'a');
        }
        int factor = place.group(2) == null ? 1 : Integer.parseInt(place.group(2));
        int added = place.group(3) == null ? 0 : Integer.parseInt(place.group(3) + place.group(4));
        return String.valueOf(factor * Integer.parseInt(text) + added);
    }
}
