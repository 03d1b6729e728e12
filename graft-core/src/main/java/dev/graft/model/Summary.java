package dev.graft.model;

import dev.graft.layers.WeightSpec;
import dev.graft.model.Program.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A network as a table: layer, output shape, parameters, whether it is trainable; then the totals. */
public final class Summary {
    private static final List<String> HEADINGS = List.of("Layer (type)", "Output shape", "Param #", "Trainable");

    private Summary() {}

    public static String of(Network network) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (Step step : network.program().steps()) {
            rows.add(List.of(
                    step.path() + " (" + step.layer().typeName() + ")",
                    step.shape().toString(),
                    String.format(Locale.ROOT, "%,d", step.parameters()),
                    step.weights().stream().noneMatch(WeightSpec::trainable)
                            ? "-"
                            : network.isTrainable(step) ? "yes" : "no"));
        }
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder("Model: \"" + network.model().name() + "\"\n");
        for (int i = 0; i < rows.size(); i++) {
            line(text, rows.get(i), widths);
            if (i == 0) {
                text.append("-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)))
                        .append('\n');
            }
        }
        return text.append(totals(network)).toString();
    }

    private static void line(StringBuilder text, List<String> row, int[] widths) {
        String numbers = "%" + widths[2] + "s";
        text.append(String.format(
                        "%-" + widths[0] + "s  %-" + widths[1] + "s  " + numbers + "  %s",
                        row.get(0),
                        row.get(1),
                        row.get(2),
                        row.get(3))
                .stripTrailing());
        text.append('\n');
    }

    /** {@code trainable 2,050 / total 1,532,018 (0.1%)}. */
    public static String parameters(long trainable, long total) {
        return String.format(
                Locale.ROOT, "trainable %,d / total %,d (%.1f%%)", trainable, total, 100.0 * trainable / total);
    }

    private static String totals(Network network) {
        Set<String> trainable = network.trainableWeights();
        long total = network.parameters(network.weights().keySet());
        long moving = network.parameters(trainable);
        return String.format(
                Locale.ROOT,
                "Total params: %,d (%s)\nTrainable params: %,d (%s)\nNon-trainable params: %,d (%s)\n",
                total,
                size(total),
                moving,
                size(moving),
                total - moving,
                size(total - moving));
    }

    /** The size of so many floats: {@code 79.59 MB}. */
    private static String size(long parameters) {
        double bytes = parameters * (double) Float.BYTES;
        String[] units = {"B", "KB", "MB", "GB"};
        int unit = 0;
        while (bytes >= 1024 && unit < units.length - 1) {
            bytes /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f %s", bytes, units[unit]);
    }
}
