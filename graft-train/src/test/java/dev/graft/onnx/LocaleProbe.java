package dev.graft.onnx;

import dev.graft.bundle.Classifier;
import dev.graft.bundle.Prediction;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Formula;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A process of its own, in the locale of its environment, that runs {@link LocaleCases} and a classifier. */
final class LocaleProbe {
    private LocaleProbe() {}

    /** Of what a bundle and a picture give, and of each file as Graft takes it and as ONNX Runtime does: its numbers. */
    public static void main(String[] arguments) throws Exception {
        for (LocaleCases.Case file : LocaleCases.all()) {
            print(file.name(), ForeignFiles.run(ForeignFiles.read(file.file()).cut("y", LocaleCases.SIZE), 1));
            try (OnnxProbe probe = OnnxProbe.open(file.file())) {
                HostTensor picture = Formula.input(Shape.of(1, 3, LocaleCases.SIZE, LocaleCases.SIZE));
                float[] means = probe.run(picture).pooled();
                print(file.name() + " as it is", HostTensor.of(Shape.of(1, means.length), means));
            }
        }
        try (Classifier classifier = Classifier.open(Path.of(arguments[0]), 1)) {
            List<Prediction.Ranked> classes =
                    new ArrayList<>(classifier.predict(Path.of(arguments[1])).ranking());
            classes.sort(Comparator.comparing(Prediction.Ranked::label));
            HostTensor probabilities = HostTensor.allocate(Shape.of(1, classes.size()));
            for (int i = 0; i < classes.size(); i++) {
                probabilities.put(i, (float) classes.get(i).probability());
            }
            print("classifier", probabilities);
        }
    }

    private static void print(String name, HostTensor numbers) {
        StringBuilder line = new StringBuilder(name).append('=');
        for (float number : numbers.toArray()) {
            line.append(' ').append(Float.toHexString(number));
        }
        System.out.println(line);
    }
}
