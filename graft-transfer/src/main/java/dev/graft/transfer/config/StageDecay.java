package dev.graft.transfer.config;

import dev.graft.Numbers;
import dev.graft.transfer.setting.Kind;

/** What a stage of the backbone has of the rate of the one after it. */
public sealed interface StageDecay {
    /**
     * The factor for a backbone of some stages.
     *
     * @return above 0 and at most 1, which is one rate for all
     */
    double factor(int stages);

    /** So that the first stage has a tenth, however finely a network's authors counted its stages. */
    record ToATenth() implements StageDecay {
        private static final double FIRST_STAGE = 0.1;

        @Override
        public double factor(int stages) {
            return Math.pow(FIRST_STAGE, 1.0 / stages);
        }

        @Override
        public String toString() {
            return EVEN;
        }
    }

    /** A factor that is given. */
    record Factor(double value) implements StageDecay {
        @Override
        public double factor(int stages) {
            return value;
        }

        @Override
        public String toString() {
            return Numbers.text(value);
        }
    }

    /** How {@link ToATenth} is written. */
    String EVEN = "even";

    static StageDecay parse(String text) {
        return text.equals(EVEN) ? new ToATenth() : new Factor(Kind.parseNumber(text));
    }
}
