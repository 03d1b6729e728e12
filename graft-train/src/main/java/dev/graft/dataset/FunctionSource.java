package dev.graft.dataset;

import java.util.Objects;
import java.util.function.IntFunction;

/** Examples that a user's function makes. */
record FunctionSource(int size, IntFunction<Example> function) implements DatasetStage {
    @Override
    public Example get(int index, int epoch) {
        return Objects.requireNonNull(function.apply(index), "the function gave no example");
    }

    @Override
    public String name(int index, int epoch) {
        return "example " + index;
    }

    @Override
    public int label(int index) {
        return UNKNOWN;
    }

    @Override
    public void identify(Fingerprint print) {
        print.add("function");
        print.add(size);
    }
}
