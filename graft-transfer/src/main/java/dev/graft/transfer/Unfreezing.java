package dev.graft.transfer;

import dev.graft.GraftException;
import dev.graft.SettingException;
import dev.graft.zoo.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one phase of fine-tuning trains, beside the head.
 *
 * @param from a stage's name, how many layers with weights from the end, or {@code all}
 * @param epochs of the phase
 * @param learningRate the highest
 * @param patience epochs without a gain after which it ends
 */
public record Unfreezing(String from, int epochs, double learningRate, int patience) {
    private static final String GRADUAL = "gradual";
    private static final Pattern STEP = Pattern.compile(
            "(?<from>[^:]+)(:(?<epochs>[1-9]\\d{0,5})(:(?<rate>[0-9.eE+-]+)(:(?<patience>[1-9]\\d{0,5}))?)?)?");

    /**
     * Reads what {@code --unfreeze} takes: a place; several with commas, one after the other, each {@code
     * PLACE[:EPOCHS[:RATE[:PATIENCE]]]} with what is left out from {@code tuning}; or {@code gradual}, one stage after the
     * other from the output to where the backbone is usually tuned from, {@code gradual:STAGE} to that stage (Howard and
     * Ruder 2018).
     *
     * @throws GraftException if it is none of these
     */
    static List<Unfreezing> parse(FineTuning tuning, TransferNetwork network, String tunedFrom) {
        String text = tuning.unfreeze();
        if (text.equals(GRADUAL) || text.startsWith(GRADUAL + ":")) {
            String to = text.equals(GRADUAL) ? tunedFrom : text.substring(GRADUAL.length() + 1);
            return gradual(tuning, network, to);
        }
        return Stream.of(text.split(",", -1)).map(step -> step(tuning, step)).toList();
    }

    private static List<Unfreezing> gradual(FineTuning tuning, TransferNetwork network, String to) {
        List<Stage> stages = network.stages();
        int last = network.indexOf(to);
        List<Unfreezing> steps = new ArrayList<>();
        for (int stage = stages.size() - 1; stage >= last; stage--) {
            steps.add(of(tuning, stages.get(stage).name()));
        }
        return steps;
    }

    private static Unfreezing step(FineTuning tuning, String text) {
        Matcher matcher = STEP.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        String epochs = matcher.group("epochs");
        String rate = matcher.group("rate");
        String patience = matcher.group("patience");
        Unfreezing usual = of(tuning, matcher.group("from"));
        try {
            if (rate != null) {
                TransferSettings.rate("unfreeze " + text, Double.parseDouble(rate));
            }
            return new Unfreezing(
                    usual.from,
                    epochs == null ? usual.epochs : Integer.parseInt(epochs),
                    rate == null ? usual.learningRate : Double.parseDouble(rate),
                    patience == null ? usual.patience : Integer.parseInt(patience));
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private static Unfreezing of(FineTuning tuning, String from) {
        return new Unfreezing(from, tuning.epochs(), tuning.rates().learningRate(), tuning.patience());
    }

    private static GraftException malformed(String text) {
        return new SettingException(
                "unfreeze", "'" + text + "' is not PLACE[:EPOCHS[:RATE[:PATIENCE]]], such as" + " features.12:3:1e-4");
    }
}
