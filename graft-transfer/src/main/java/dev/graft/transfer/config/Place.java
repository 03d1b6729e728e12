package dev.graft.transfer.config;

/** From where on a backbone trains, to its end. */
public sealed interface Place {
    /** All of it. */
    record Whole() implements Place {
        @Override
        public String toString() {
            return "all";
        }
    }

    /** From the first layer of a stage on. */
    record Stage(String name) implements Place {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The last layers that have weights, and what stands between them. */
    record LastLayers(int count) implements Place {
        @Override
        public String toString() {
            return Integer.toString(count);
        }
    }

    /** {@code all}, a number of layers from the end, or a stage's name: what {@link #toString} gives. */
    static Place parse(String text) {
        return text.equals("all")
                ? new Whole()
                : text.matches("\\d{1,6}") ? new LastLayers(Integer.parseInt(text)) : new Stage(text);
    }
}
