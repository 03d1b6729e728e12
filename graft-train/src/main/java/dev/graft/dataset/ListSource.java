package dev.graft.dataset;

import java.util.List;

/** Examples that are there already. */
record ListSource(List<Example> examples, int[] labels) implements DatasetStage {
    /**
     * Examples of known classes, or none.
     *
     * @param classes how many there are; 0 where the targets are no classes
     */
    static ListSource of(List<Example> examples, int classes) {
        int[] labels = examples.stream()
                .mapToInt(example -> classes == 0 ? UNKNOWN : example.label())
                .toArray();
        return new ListSource(List.copyOf(examples), labels);
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public Example get(int index, int epoch) {
        return examples.get(index);
    }

    @Override
    public String name(int index, int epoch) {
        return "example " + index;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void identify(Fingerprint print) {
        print.add("list");
        for (Example example : examples) {
            example.inputs().forEach(print::add);
            example.targets().forEach(print::add);
            print.add(Float.floatToRawIntBits(example.weight()));
        }
    }
}
